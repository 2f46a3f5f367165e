"""moto's objects as bytes, and back.

pickle is used because moto's state is a graph of hundreds of classes that point at each other. It may be,
for the bytes are our own: a file of this checkout that only its user can write, read by what wrote it.
"""

import collections
import copyreg
import io
import itertools
import marshal
import pickle
import threading
import types
import weakref
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.bindings._rust import openssl  # the classes of keys; those with names are abstract
from cryptography.hazmat.primitives import serialization as forms

from toolchain.local.aws.saved.moto_classes import Reduced, reducers_of_loaded_modules

_DER, _PKCS8 = forms.Encoding.DER, forms.PrivateFormat.PKCS8
_LARGE_BYTES = 1 << 16


class UnknownTypeError(Exception):
    """There is something in the state that can't be saved."""


class Blobs(Protocol):
    """Large contents, such as packages and objects of S3, each kept once."""

    def keep(self, content: bytes) -> str:
        """The name under which it is kept."""

    def read(self, name: str) -> bytes: ...


def dump(value: object, blobs: Blobs) -> bytes:
    """Raises UnknownTypeError; RuntimeError when the value is changed meanwhile."""
    stream = io.BytesIO()
    pickler = _Pickler(stream, blobs)
    try:
        pickler.dump(value)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise UnknownTypeError(str(error)) from error
    return stream.getvalue()


def load(content: bytes, blobs: Blobs) -> Any:  # noqa: ANN401  whatever was dumped
    """Raises whatever a pickle raises that is not from `dump`: read only what is known to be."""
    return _Unpickler(io.BytesIO(content), blobs).load()


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, blobs: Blobs) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = {**copyreg.dispatch_table, **_REDUCERS, **reducers_of_loaded_modules()}
        self._blobs = blobs

    def persistent_id(self, obj: object) -> str | None:
        """It is called for each object: it must be fast."""
        return self._blobs.keep(obj) if isinstance(obj, bytes) and len(obj) > _LARGE_BYTES else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, blobs: Blobs) -> None:
        super().__init__(stream)
        self._blobs = blobs

    def persistent_load(self, pid: str) -> bytes:
        return self._blobs.read(pid)


def _remake_private_key(content: bytes) -> Any:  # noqa: ANN401  one of several kinds
    # It was valid when it was written; to make sure takes longer than all the rest of some states.
    return forms.load_der_private_key(content, None, unsafe_skip_rsa_key_validation=True)


def _reduce_private_key(key: Any) -> Reduced:  # noqa: ANN401  as above
    return _remake_private_key, (key.private_bytes(_DER, _PKCS8, forms.NoEncryption()),)


def _remake_public_key(content: bytes) -> Any:  # noqa: ANN401  as above
    return forms.load_der_public_key(content)


def _reduce_public_key(key: Any) -> Reduced:  # noqa: ANN401  as above
    return _remake_public_key, (key.public_bytes(_DER, forms.PublicFormat.SubjectPublicKeyInfo),)


def _remake_certificate(content: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(content)


def _reduce_certificate(certificate: x509.Certificate) -> Reduced:
    return _remake_certificate, (certificate.public_bytes(_DER),)


def _anew(make: Callable[[], object]) -> Callable[[object], Reduced]:
    """Nobody waits for a lock that was saved: it is a new one."""
    return lambda _: (make, ())


def _reduce_weak_values(values: "weakref.WeakValueDictionary[Any, Any]") -> Reduced:
    return weakref.WeakValueDictionary, (), None, None, _items(values)


def _reduce_count(counter: "itertools.count[int]") -> Reduced:
    """Its text is `count(7)`: looking at it does not count on."""
    return itertools.count, (int(repr(counter).removeprefix("count(").partition(",")[0].rstrip(")")),)


def _reduce_default_dict(values: "collections.defaultdict[Any, Any]") -> Reduced:
    factory = values.default_factory
    if isinstance(factory, types.FunctionType) and factory.__name__ == "<lambda>":
        if factory.__closure__:
            raise pickle.PicklingError(f"{factory.__qualname__} of {factory.__module__} has a closure")
        made = (factory.__module__, marshal.dumps(factory.__code__))
        return _remake_default_dict, made, None, None, _items(values)
    return collections.defaultdict, (factory,), None, None, _items(values)


def _remake_default_dict(module: str, code: bytes) -> "collections.defaultdict[Any, Any]":
    """marshal holds because what reads it is the Python that wrote it."""
    factory = types.FunctionType(marshal.loads(code), vars(import_module(module)))  # noqa: S302  our own file
    return collections.defaultdict(factory)


def _items(values: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  any mapping
    return iter(list(values.items()))


_REDUCERS: dict[type, Callable[[Any], Reduced]] = {
    type(threading.Lock()): _anew(threading.Lock),
    type(threading.RLock()): _anew(threading.RLock),
    threading.Condition: _anew(threading.Condition),
    threading.Event: _anew(threading.Event),
    weakref.WeakValueDictionary: _reduce_weak_values,
    itertools.count: _reduce_count,
    collections.defaultdict: _reduce_default_dict,
    x509.Certificate: _reduce_certificate,
    openssl.rsa.RSAPrivateKey: _reduce_private_key,
    openssl.ec.ECPrivateKey: _reduce_private_key,
    openssl.ed25519.Ed25519PrivateKey: _reduce_private_key,
    openssl.rsa.RSAPublicKey: _reduce_public_key,
    openssl.ec.ECPublicKey: _reduce_public_key,
    openssl.ed25519.Ed25519PublicKey: _reduce_public_key,
}
