"""Time stamps of an authority (RFC 3161): the question, and what an answer proves; read by rfc3161-client.

What is stamped is a digest; the authority sees nothing else. A certificate counts by the time of the
stamp, so that one which expired later still does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.errors import PressclipError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest, TimeStampResponse


class TimestampError(PressclipError):
    """A time stamp that cannot be had, read or believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a stamp says: when, and who says so (`authority`, the subject of its certificate)."""

    moment: datetime
    authority: str


def make_request(data: bytes) -> TimeStampRequest:
    """The question for a stamp of the SHA-256 of `data`, with a number that only its answer bears."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()


def read_roots(pem: bytes, name: str) -> list[Certificate]:
    """The certificates of a PEM file; raises `TimestampError`."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(pem)
    except ValueError as error:
        raise TimestampError(f"{name}: no certificates in PEM: {str(error)[:80]}") from error


def read_token(
    answer: bytes, data: bytes, *, roots: Sequence[Certificate] = (), nonce: int | None = None
) -> Token:
    """What an answer says of `data`; with `roots` its signature and certificates are checked too.

    Raises `TimestampError`: an answer that is none, a refusal, a stamp of something else, another
    question's (`nonce`), a certificate that was not valid then or leads to none of the roots.
    """
    import hashlib

    response = _decode(answer)
    info = response.tst_info
    if info.message_imprint.message != hashlib.sha256(data).digest():
        raise TimestampError("the time stamp is of something else")
    if nonce is not None and info.nonce != nonce:
        raise TimestampError("the time stamp answers another request")
    signer = _signer(response)
    if roots:
        _check_chain(response, data, roots, signer)
    name = signer.subject.rfc4514_string() if signer else "an authority that does not name itself"
    moment = info.gen_time
    return Token(moment=moment.replace(tzinfo=moment.tzinfo or UTC), authority=name)


def _decode(answer: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    try:
        response = decode_timestamp_response(answer)
        status = response.status
        told = "; ".join(response.status_string)
    except ValueError as error:
        reason = " ".join(str(error).split())[:120]
        raise TimestampError(f"the answer is no time stamp in DER (RFC 3161): {reason}") from error
    if status not in (0, 1):
        raise TimestampError(f"the authority refused: {told[:120] or f'status {status}'}")
    return response


def _signer(response: TimeStampResponse) -> Certificate | None:
    from cryptography.x509 import load_der_x509_certificate

    signers = {(one.issuer, one.serial_number) for one in response.signed_data.signer_infos}
    for der in response.signed_data.certificates:
        found = load_der_x509_certificate(der)
        if (found.issuer, found.serial_number) in signers:
            return found
    return None


def _check_chain(
    response: TimeStampResponse,
    data: bytes,
    roots: Sequence[Certificate],
    signer: Certificate | None,
) -> None:
    from rfc3161_client import VerificationError, VerifierBuilder

    moment = response.tst_info.gen_time.replace(tzinfo=UTC)
    if signer and not signer.not_valid_before_utc <= moment <= signer.not_valid_after_utc:
        raise TimestampError("the authority's certificate was not valid at the time of the stamp")
    try:
        VerifierBuilder(roots=list(roots)).build().verify_message(response, data)
    except (VerificationError, ValueError) as error:
        reason = " ".join(str(error).split())[:160]
        told = f"the time stamp leads to none of the trusted certificates: {reason}"
        raise TimestampError(told) from error
