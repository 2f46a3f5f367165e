"""The operations of the Cognito API, one file for each or for a few of a kind.

An operation takes a Request and returns the members of its answer; it declares the services it needs.
"""

from collections.abc import Callable

from toolchain.local.cognito.request import Document, Request

type Operation = Callable[[Request], Document]
