//! Plain http through a proxy: the request line names the whole address, as curl and wget write it.
//!
//! The HTTP library only knows CONNECT, which most proxies allow for port 443 alone.

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, TcpConnector, Transport,
};

/// A client that sends every request to `proxy`. `config` must name no proxy, and keep no connection open:
/// only the first request on a connection is rewritten.
pub(super) fn client(config: Config, proxy: Uri) -> ureq::Agent {
    let resolver = ToProxy { proxy, inner: DefaultResolver::default() };
    ureq::Agent::with_parts(config, TcpConnector::default().chain(Forward), resolver)
}

/// Knows one address only.
#[derive(Debug)]
struct ToProxy {
    proxy: Uri,
    inner: DefaultResolver,
}

impl Resolver for ToProxy {
    fn resolve(
        &self,
        _uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        self.inner.resolve(&self.proxy, config, timeout)
    }
}

#[derive(Debug)]
struct Forward;

impl<In: Transport> Connector<In> for Forward {
    type Out = Forwarding<In>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let authority = details.uri.authority().map(|authority| format!("http://{authority}"));
        Ok(chained.map(|inner| Forwarding { inner, address: authority }))
    }
}

/// A connection to the proxy.
#[derive(Debug)]
struct Forwarding<In> {
    inner: In,
    /// What the request line still lacks in front of its path.
    address: Option<String>,
}

impl<In: Transport> Transport for Forwarding<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let Some(address) = self.address.take() else {
            return self.inner.transmit_output(amount, timeout);
        };
        let output = &self.inner.buffers().output()[..amount];
        let (method, rest) = match output.iter().position(|byte| *byte == b' ') {
            Some(blank) => output.split_at(blank + 1),
            None => output.split_at(0),
        };
        let (start, rest) = ([method, address.as_bytes()].concat(), rest.to_vec());
        for part in [start, rest] {
            self.inner.buffers().output()[..part.len()].copy_from_slice(&part);
            self.inner.transmit_output(part.len(), timeout)?;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
}
