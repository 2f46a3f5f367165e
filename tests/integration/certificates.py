"""Certificates for a server, from an authority of the test."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificates:
    """PEM files: an authority, and a server's key and certificate that it signed."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(directory: Path, address: str) -> Certificates:
    """An authority of its own, and a certificate for a server at that address."""
    directory.mkdir()
    authority_key, server_key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
    server = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Server")])
    now = datetime.now(UTC)

    def issue(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *extensions: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder(authority, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1))
        builder = builder.not_valid_after(now + timedelta(days=1))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    made = Certificates(directory / "authority.pem", directory / "server.pem", directory / "key.pem")
    made.authority.write_bytes(
        issue(authority, authority_key, x509.BasicConstraints(ca=True, path_length=None))
    )
    made.certificate.write_bytes(
        issue(
            server, server_key, x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        )
    )
    made.key.write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made
