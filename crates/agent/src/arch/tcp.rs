//! What the kernel knows about this process's TCP connections.

#![expect(unsafe_code, reason = "TCP_INFO and the addresses of a socket are filled into memory by pointer")]

use std::ffi::c_int;
use std::mem;
use std::net::IpAddr;

use super::interfaces;

/// This process has fewer files open than that.
const DESCRIPTORS: c_int = 512;
/// Bytes of `struct tcp_info` that are looked at (linux/tcp.h); older kernels fill fewer.
const INFO: usize = 160;
const TOTAL_RETRANS: usize = 100;
const BYTES_ACKED: usize = 120;
const DATA_SEGS_OUT: usize = 156;

/// One connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Address on this side.
    pub local: IpAddr,
    /// Address on the other side.
    pub peer: IpAddr,
    /// Bytes that the other side has confirmed.
    pub acked_bytes: Option<u64>,
    /// Segments with data that were sent, repeated ones included.
    pub sent_segments: Option<u32>,
    /// Segments that were sent again.
    pub resent_segments: Option<u32>,
}

/// Every connection that this process has open.
pub fn connections() -> Vec<Connection> {
    (0..DESCRIPTORS).filter_map(connection).collect()
}

fn connection(descriptor: c_int) -> Option<Connection> {
    let info = info(descriptor)?;
    Some(Connection {
        local: address(descriptor, libc::getsockname)?,
        peer: address(descriptor, libc::getpeername)?,
        acked_bytes: field(&info, BYTES_ACKED).map(u64::from_ne_bytes),
        sent_segments: field(&info, DATA_SEGS_OUT).map(u32::from_ne_bytes),
        resent_segments: field(&info, TOTAL_RETRANS).map(u32::from_ne_bytes),
    })
}

fn field<const N: usize>(info: &[u8], at: usize) -> Option<[u8; N]> {
    info.get(at..at + N)?.try_into().ok()
}

/// As much of TCP_INFO as the kernel fills; `None` for what is no TCP connection.
fn info(descriptor: c_int) -> Option<Vec<u8>> {
    let mut bytes = vec![0_u8; INFO];
    let mut length = INFO as libc::socklen_t;
    // SAFETY: the kernel writes at most `length` bytes into the buffer, which has as many, and answers a
    // descriptor that is closed or no socket with an error.
    let answer = unsafe {
        libc::getsockopt(
            descriptor,
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            bytes.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    bytes.truncate(length as usize);
    (answer == 0).then_some(bytes)
}

type Name = unsafe extern "C" fn(c_int, *mut libc::sockaddr, *mut libc::socklen_t) -> c_int;

fn address(descriptor: c_int, name: Name) -> Option<IpAddr> {
    // SAFETY: a `sockaddr_storage` is plain data for which all zeros are valid.
    let mut storage: libc::sockaddr_storage = unsafe { mem::zeroed() };
    let mut length = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
    let place = (&raw mut storage).cast::<libc::sockaddr>();
    // SAFETY: the kernel writes at most `length` bytes, for which there is room, and a whole address of the
    // family that it names.
    unsafe {
        if name(descriptor, place, &raw mut length) != 0 {
            return None;
        }
        interfaces::address(place)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::*;

    #[test]
    fn what_was_sent_and_confirmed_is_known() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let mut sender = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut receiver, _) = listener.accept().unwrap();
        sender.write_all(&[7; 1000]).unwrap();
        receiver.read_exact(&mut [0; 1000]).unwrap();
        receiver.write_all(&[1]).unwrap();
        // The answer confirms what came before it.
        sender.read_exact(&mut [0]).unwrap();
        let all = connections();
        let ours = all.iter().find(|one| one.acked_bytes.is_some_and(|bytes| bytes >= 1000));
        let ours = ours.unwrap_or_else(|| panic!("{all:?}"));
        assert_eq!((ours.local, ours.peer), (Ipv4Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()));
        assert!(ours.sent_segments.is_some_and(|segments| segments >= 1));
        assert_eq!(ours.resent_segments, Some(0));
    }
}
