"""What a page's bytes depend on beside its content: our code and the libraries'."""

from importlib import metadata

from sitegen.outputs import fingerprint


def test_versions_by_folder_are_those_that_the_packages_tell() -> None:
    libraries = (*fingerprint._LIBRARIES, *fingerprint._OPTIONAL)

    assert fingerprint._versions() == [metadata.version(name) for name in libraries]
    assert all(fingerprint._versions())


def test_a_library_that_is_not_there_has_no_version() -> None:
    assert fingerprint.library_version("no-such-library") == ""
