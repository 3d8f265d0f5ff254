//! The practice's own certificate authority, made at first start and meant for the practice's own devices.
//!
//! It can sign for the practice's host and nothing else: its name constraint is critical (RFC 5280, 4.2.1.10), so even
//! a stolen authority key cannot impersonate another site. Certificates are files; their keys never are.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256, SanType,
};
use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};
use time::OffsetDateTime;

use super::{
    Served, TlsError,
    files::{make_private_dir, write_private},
    keys::{self, PrivateKeys},
    own::read_chain,
    provider::provider,
};
use crate::domain::origin::Host;

/// How long a leaf lives.
pub const LEAF_DAYS: i32 = 90;
/// A leaf with less than this is renewed.
pub const RENEW_DAYS: i32 = 30;
const AUTHORITY_DAYS: i32 = 3652;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What the private keys are kept under.
const AUTHORITY_KEY: &str = "authority";
const LEAF_KEY: &str = "leaf";

/// The files of the authority and its one leaf, and where their keys are.
pub struct LocalAuthority {
    dir: PathBuf,
    keys: Arc<dyn PrivateKeys>,
}

impl LocalAuthority {
    pub fn new(dir: PathBuf, keys: Arc<dyn PrivateKeys>) -> Self {
        Self { dir, keys }
    }

    /// The leaf to serve. Renews it when it ends soon, and makes the authority anew when it is missing, ends soon or
    /// is bound to another host.
    pub fn load(&self, host: &Host, now: Timestamp) -> Result<Served, TlsError> {
        make_private_dir(&self.dir).map_err(|source| TlsError::File {
            doing: "write",
            path: self.dir.clone(),
            source,
        })?;
        if !self.leaf_is_good(host, now) {
            let renewed = self.make_leaf(host, now).is_ok() && self.leaf_is_good(host, now);
            if !renewed {
                self.make_authority(host, now)?;
                self.make_leaf(host, now)?;
            }
        }
        self.serve()
    }

    pub fn is_stale(&self, host: &Host, now: Timestamp) -> bool {
        !self.leaf_is_good(host, now)
    }

    fn serve(&self) -> Result<Served, TlsError> {
        let mut chain = read_chain(&self.leaf())?;
        let authority = read_chain(&self.authority())?.into_iter().next();
        chain.extend(authority.clone());
        let key = keys::find_der(&*self.keys, LEAF_KEY)?;
        let key = CertifiedKey::from_der(chain, key, &provider()).map_err(TlsError::Mismatch)?;
        Ok(Served { key: Arc::new(key), authority, publicly_trusted: false })
    }

    /// Good is: signed by our authority, for this host, now and for some weeks, with its key.
    fn leaf_is_good(&self, host: &Host, now: Timestamp) -> bool {
        let check = || -> Result<(), TlsError> {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(read_chain(&self.authority())?);
            let chain = read_chain(&self.leaf())?;
            verify(roots.clone(), &chain, host, now)?;
            verify(roots, &chain, host, now + DAY * RENEW_DAYS)?;
            self.serve().map(drop)
        };
        self.authority_is_young(now) && check().is_ok()
    }

    /// A verifier never asks for a root's dates, so we do.
    fn authority_is_young(&self, now: Timestamp) -> bool {
        let ends_at = self.made_at().map(|made_at| made_at + DAY * AUTHORITY_DAYS);
        ends_at.is_some_and(|ends_at| now + DAY * LEAF_DAYS < ends_at)
    }

    fn made_at(&self) -> Option<Timestamp> {
        std::fs::read_to_string(self.made_at_file()).ok()?.trim().parse().ok()
    }

    fn make_authority(&self, host: &Host, now: Timestamp) -> Result<(), TlsError> {
        write(&self.made_at_file(), &now.to_string())?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = authority_params(host, now).self_signed(&key)?;
        keys::keep(&*self.keys, AUTHORITY_KEY, key.serialize_pem())?;
        write(&self.authority(), &certificate.pem())
    }

    fn make_leaf(&self, host: &Host, now: Timestamp) -> Result<(), TlsError> {
        let pem = keys::find(&*self.keys, AUTHORITY_KEY)?;
        let made_at = self.made_at().unwrap_or(now);
        let issuer = Issuer::new(authority_params(host, made_at), KeyPair::from_pem(&pem)?);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = leaf_params(host, now)?.signed_by(&key, &issuer)?;
        keys::keep(&*self.keys, LEAF_KEY, key.serialize_pem())?;
        write(&self.leaf(), &certificate.pem())
    }

    fn authority(&self) -> PathBuf {
        self.dir.join("authority.pem")
    }

    fn made_at_file(&self) -> PathBuf {
        self.dir.join("authority.made-at")
    }

    fn leaf(&self) -> PathBuf {
        self.dir.join("leaf.pem")
    }
}

/// Checks a chain against roots, a host and an instant.
pub fn verify(
    roots: RootCertStore,
    chain: &[CertificateDer<'_>],
    host: &Host,
    at: Timestamp,
) -> Result<(), rustls::Error> {
    let refused = |_| rustls::Error::General("no certificate to check against".into());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(provider()));
    let verifier = verifier.build().map_err(refused)?;
    let name = match host {
        Host::Name(name) => ServerName::try_from(name.clone()).map_err(|_| not_a_name())?,
        Host::Address(address) => ServerName::IpAddress((*address).into()),
    };
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let (leaf, others) = chain.split_first().ok_or_else(not_a_name)?;
    verifier.verify_server_cert(leaf, others, &name, &[], at).map(drop)
}

fn not_a_name() -> rustls::Error {
    rustls::Error::InvalidCertificate(rustls::CertificateError::NotValidForName)
}

fn authority_params(host: &Host, now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Alcove");
    params.distinguished_name.push(DnType::CommonName, format!("Alcove local authority for {host}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.name_constraints = Some(constraints(host));
    params.not_before = date(now - DAY);
    params.not_after = date(now + DAY * AUTHORITY_DAYS);
    params
}

/// The host and nothing else, in every kind of name that a certificate can carry.
fn constraints(host: &Host) -> NameConstraints {
    let everything = |ip: IpAddr| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, 0));
    match host {
        Host::Name(name) => NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName(name.clone())],
            excluded_subtrees: vec![everything(Ipv4Addr::UNSPECIFIED.into()), everything(Ipv6Addr::UNSPECIFIED.into())],
        },
        Host::Address(ip) => {
            let bits = if ip.is_ipv4() { 32 } else { 128 };
            // A permitted name that cannot exist (RFC 2606) forbids all others.
            let nothing = GeneralSubtree::DnsName("nothing.invalid".into());
            let permitted = GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*ip, bits));
            NameConstraints { permitted_subtrees: vec![permitted, nothing], excluded_subtrees: vec![] }
        }
    }
}

fn leaf_params(host: &Host, now: Timestamp) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, host.to_string());
    params.subject_alt_names = vec![match host {
        Host::Name(name) => SanType::DnsName(name.clone().try_into()?),
        Host::Address(ip) => SanType::IpAddress(*ip),
    }];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.not_before = date(now - SignedDuration::from_hours(1));
    params.not_after = date(now + DAY * LEAF_DAYS);
    Ok(params)
}

/// A leaf that vouches for itself, for as long as an authority lives.
pub fn self_signed_params(host: &Host, now: Timestamp) -> Result<CertificateParams, TlsError> {
    let mut params = leaf_params(host, now)?;
    params.use_authority_key_identifier_extension = false;
    params.distinguished_name.push(DnType::OrganizationName, "Alcove, sealed");
    params.not_after = date(now + DAY * AUTHORITY_DAYS);
    Ok(params)
}

fn date(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_second()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn write(path: &Path, pem: &str) -> Result<(), TlsError> {
    write_private(path, pem.as_bytes()).map_err(|source| TlsError::File { doing: "write", path: path.into(), source })
}
