//! Asks the kernel what it keeps in no file about network interfaces.

#![expect(unsafe_code, reason = "getifaddrs and the ethtool ioctl hand out and take pointers")]

use std::ffi::CStr;
use std::io;
use std::mem;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::os::fd::AsRawFd;
use std::ptr;

/// `ETHTOOL_GPERMADDR`, linux/ethtool.h.
const GET_PERMANENT_ADDRESS: u32 = 0x20;
const LONGEST_ADDRESS: usize = 32;

/// `struct ethtool_perm_addr` with its data.
#[repr(C)]
struct PermanentAddress {
    command: u32,
    size: u32,
    data: [u8; LONGEST_ADDRESS],
}

/// All addresses, by interface.
pub fn addresses() -> io::Result<Vec<(String, IpAddr)>> {
    let mut list: *mut libc::ifaddrs = ptr::null_mut();
    // SAFETY: `list` is a valid place for the pointer that the call hands out.
    if unsafe { libc::getifaddrs(&raw mut list) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let mut found = Vec::new();
    let mut next = list;
    // SAFETY: entries are valid until `freeifaddrs`, and each names the next one or none.
    while let Some(entry) = unsafe { next.as_ref() } {
        next = entry.ifa_next;
        // SAFETY: the name is a C string of the list; the address is checked there.
        let (name, address) = unsafe { (CStr::from_ptr(entry.ifa_name), address(entry.ifa_addr)) };
        if let (Ok(name), Some(address)) = (name.to_str(), address) {
            found.push((name.to_owned(), address));
        }
    }
    // SAFETY: the list came from `getifaddrs`, and nothing of it is used afterwards.
    unsafe { libc::freeifaddrs(list) };
    Ok(found)
}

/// # Safety
/// `address` is null or points to a socket address whose length fits its family.
pub(super) unsafe fn address(address: *const libc::sockaddr) -> Option<IpAddr> {
    // SAFETY: every socket address begins with its family.
    let family = i32::from(unsafe { address.as_ref() }?.sa_family);
    match family {
        libc::AF_INET => {
            // SAFETY: of this family it is a `sockaddr_in`; read without asking for its alignment.
            let inet = unsafe { address.cast::<libc::sockaddr_in>().read_unaligned() };
            Some(Ipv4Addr::from(u32::from_be(inet.sin_addr.s_addr)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: of this family it is a `sockaddr_in6`; read without asking for its alignment.
            let inet = unsafe { address.cast::<libc::sockaddr_in6>().read_unaligned() };
            Some(Ipv6Addr::from(inet.sin6_addr.s6_addr).into())
        }
        _ => None,
    }
}

/// The hardware address that an adapter was made with; needs no root.
pub fn permanent_mac(interface: &str) -> io::Result<[u8; 6]> {
    // SAFETY: an `ifreq` is plain data for which all zeros are valid.
    let mut request: libc::ifreq = unsafe { mem::zeroed() };
    if interface.len() >= request.ifr_name.len() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    for (place, byte) in request.ifr_name.iter_mut().zip(interface.bytes()) {
        *place = byte as libc::c_char;
    }
    let mut answer = PermanentAddress {
        command: GET_PERMANENT_ADDRESS,
        size: LONGEST_ADDRESS as u32,
        data: [0; LONGEST_ADDRESS],
    };
    request.ifr_ifru.ifru_data = (&raw mut answer).cast();
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    // SAFETY: the request names an answer that lives through the call and has room for the size that it states.
    if unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCETHTOOL as _, &raw mut request) } < 0 {
        return Err(io::Error::last_os_error());
    }
    match (answer.size, answer.data.first_chunk::<6>()) {
        (6, Some(mac)) if *mac != [0; 6] => Ok(*mac),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
}
