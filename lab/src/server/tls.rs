//! The lab's own authority, the certificate that it gives to all orgs, and who trusts it.

use std::io;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// One throw-away authority.
pub struct Tls {
    /// The authority's certificate, PEM.
    pub certificate: String,
    /// How the listener answers.
    pub server: Arc<ServerConfig>,
    /// How the orgs call each other: nobody but this authority is trusted.
    pub client: Arc<ClientConfig>,
}

impl Tls {
    /// An authority and one certificate for these names; `http1` offers no HTTP/2.
    pub fn new(names: Vec<String>, http1: bool) -> io::Result<Self> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let authority = authority()?;
        let root = authority.self_signed(&key).map_err(io::Error::other)?;
        let issuer = Issuer::new(authority, key);
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;

        let mut server = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .map_err(io::Error::other)?;
        let offered: &[&[u8]] = if http1 {
            &[b"http/1.1"]
        } else {
            &[b"h2", b"http/1.1"]
        };
        server.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();

        let mut trusted = RootCertStore::empty();
        trusted.add(root.der().clone()).map_err(io::Error::other)?;
        let mut client = ClientConfig::builder()
            .with_root_certificates(trusted)
            .with_no_client_auth();
        client.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            certificate: root.pem(),
            server: Arc::new(server),
            client: Arc::new(client),
        })
    }
}

fn authority() -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Throw-away authority of the lab");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

#[cfg(test)]
mod tests {
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    use super::*;

    async fn greets(caller: &Tls, called: &Tls, name: &'static str) -> Result<(), String> {
        let (near, far) = tokio::io::duplex(1 << 16);
        let acceptor = TlsAcceptor::from(called.server.clone());
        let connector = TlsConnector::from(caller.client.clone());
        let name = name.try_into().expect("a host name");
        let (_, greeted) = tokio::join!(acceptor.accept(far), connector.connect(name, near));
        greeted.map(drop).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn orgs_trust_this_authority_and_the_name_they_call() {
        let lab = |name: &str| Tls::new(vec![name.to_owned()], false).expect("a certificate");
        let (own, other) = (lab("hub.okta.com"), lab("hub.okta.com"));
        assert_eq!(greets(&own, &own, "hub.okta.com").await, Ok(()));
        let elsewhere = greets(&own, &own, "acme.okta.com").await;
        assert!(
            elsewhere.as_ref().is_err_and(|why| why.contains("name")),
            "{elsewhere:?}"
        );
        let stranger = greets(&own, &other, "hub.okta.com").await;
        assert!(
            stranger
                .as_ref()
                .is_err_and(|why| why.contains("certificate")),
            "{stranger:?}"
        );
    }
}
