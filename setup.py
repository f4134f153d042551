"""Builds the native engine, where a C compiler is at hand.

`DEDUP_BUILD_NATIVE=1` makes a failed build fatal, `DEDUP_BUILD_NATIVE=0` leaves the native engine out.
Everything else about the package stands in pyproject.toml.
"""

import os
from glob import glob

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CCompilerError

WANTED = os.environ.get("DEDUP_BUILD_NATIVE", "auto")


class BuildNative(build_ext):
    """Goes on without the extension when it cannot be built, unless it was demanded."""

    def build_extension(self, extension: Extension) -> None:
        """Build it, or say why the reference engine will have to serve.

        `Extension(optional=True)` does not do: a compiler that is missing altogether still ends the build.
        """
        try:
            super().build_extension(extension)
        except (BaseError, CCompilerError, OSError) as error:
            if WANTED == "1":
                raise
            print(f"dedup: the native engine was not built ({error}); the reference engine will serve")

    def copy_extensions_to_source(self) -> None:
        """For an editable install: copy what was built."""
        self.extensions = [one for one in self.extensions if self._built(one)]
        super().copy_extensions_to_source()

    def _built(self, extension: Extension) -> bool:
        name = self.get_ext_filename(self.get_ext_fullname(extension.name))
        return os.path.exists(os.path.join(self.build_lib, name))


def parts(*folders: str) -> list[str]:
    """What the extensions of some folders are made of beside themselves: a newer one has them built anew."""
    kinds = [f"dedup/{folder}/**/*.{kind}" for folder in folders for kind in ("h", "pxd", "pxi")]
    return [path for kind in kinds for path in sorted(glob(kind, recursive=True))]


def native() -> list[Extension]:
    """The extensions, translated to C by Cython: engine, texts and rows of reports, JSON Lines, small files."""
    from Cython.Build import cythonize

    optimised = ["-O3", "-fno-strict-aliasing"] if os.name == "posix" else []
    shared = ["-Wno-unused-function"] if os.name == "posix" else []  # two extensions use other parts of the headers
    engine = Extension(
        "dedup.engine.native",
        ["dedup/engine/native.pyx"],
        include_dirs=["dedup/engine"],
        depends=parts("engine"),
        extra_compile_args=optimised,
    )
    report = [
        Extension(
            f"dedup.report.{name}",
            [f"dedup/report/{name}.pyx"],
            include_dirs=["dedup/report"],
            depends=parts("report", "engine"),
            extra_compile_args=[*optimised, *shared],
        )
        for name in ("again", "rows")
    ]
    sources = [
        Extension(
            f"dedup.sources.{name}",
            [f"dedup/sources/{name}.pyx"],
            include_dirs=["dedup/sources"],
            depends=parts("sources", "engine"),
            extra_compile_args=optimised,
        )
        for name in ("json_scan", "small_files")
    ]
    return cythonize([engine, *report, *sources])


setup(ext_modules=[] if WANTED == "0" else native(), cmdclass={"build_ext": BuildNative})
