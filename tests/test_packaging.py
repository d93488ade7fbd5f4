"""What is handed over: the wheel, the pinned requirements, the scripts and the container files."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autoresponder.config import ListenSettings, Settings
from autoresponder.service.health import HealthServer, Readiness
from autoresponder.service.metrics import Metrics
from autoresponder.settings_environment import with_environment

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ("runtime", "build", "compile", "dev")
SCRIPTS = ("script/setup", "script/demo", "script/test", "script/lint", "script/lock")


# --- the wheel ---


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def shipped(folder: str) -> Iterator[str]:
    """Files below a folder of the checkout that belong into the wheel."""
    for path in sorted((ROOT / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".pyo"}:
            yield path.relative_to(ROOT / folder).as_posix()


def test_the_wheel_has_the_whole_program(unpacked: Path) -> None:
    missing = [name for name in shipped("autoresponder") if not (unpacked / "autoresponder" / name).is_file()]
    assert not missing
    assert (unpacked / "autoresponder/py.typed").is_file()
    assert list(unpacked.glob("autoresponder/store/lua/*.lua"))


@pytest.mark.parametrize("folder", ["rules", "templates"])
def test_the_wheel_has_the_starter_set(unpacked: Path, folder: str) -> None:
    names = list(shipped(folder))
    assert names, f"{folder}/ is empty"
    for name in names:
        there = unpacked / "autoresponder/starter" / folder / name
        assert there.read_bytes() == (ROOT / folder / name).read_bytes()


def test_the_wheel_has_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    strange = [n for n in names if not re.match(r"autoresponder(/|-[0-9.]+\.dist-info/)", n)]
    assert not strange
    assert not [n for n in names if n.endswith((".pyc", ".db", ".env")) or "/." in n]


def test_the_wheel_says_what_it_is(unpacked: Path) -> None:
    (info,) = unpacked.glob("*.dist-info")
    metadata = (info / "METADATA").read_text()
    for line in ("Name: autoresponder", "License-Expression: MIT", "Requires-Python: >=3.11"):
        assert line in metadata.splitlines()
    assert (info / "licenses/LICENSE").read_text().startswith("MIT License")
    assert "autoresponder = autoresponder.cli:main" in (info / "entry_points.txt").read_text()


def test_the_installed_program_finds_its_starter_set(unpacked: Path, tmp_path: Path) -> None:
    script = (
        "import autoresponder; from autoresponder.cli import execute; "
        "print(autoresponder.__file__); raise SystemExit(execute(['init', 'made']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked))
    for folder in ("rules", "templates"):
        for name in shipped(folder):
            assert (tmp_path / "made" / folder / name).is_file()


# --- the pinned requirements ---


def pins(name: str) -> dict[str, tuple[str, list[str]]]:
    """Package → its pin, with the marker it may have, and its hashes."""
    text = (ROOT / f"requirements/{name}.txt").read_text()
    found: dict[str, tuple[str, list[str]]] = {}
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.lstrip().startswith("#") or not entry.strip():
            continue
        requirement, *hashes = re.split(r"\s+--hash=", entry.strip())
        package = canonicalize_name(Requirement(requirement).name)
        assert package not in found, f"{package} is pinned twice"
        found[package] = (requirement, hashes)
    return found


def version(pin: str) -> str:
    (specifier,) = Requirement(pin).specifier
    return specifier.version


def wanted(name: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    if name == "runtime":
        lines = project["project"]["dependencies"]
    elif name == "build":
        lines = project["build-system"]["requires"]
    elif name == "compile":
        lines = [
            line for line in project["dependency-groups"]["dev"] if re.match("(mypy|setuptools)\\b", line)
        ]
    else:
        lines = [*project["dependency-groups"]["dev"], *project["project"]["dependencies"]]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    found = pins(name)
    assert found
    for package, (requirement, hashes) in found.items():
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;=]+( ;|$)", requirement), package
        assert hashes, f"{package} has no hash"
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes), package


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_name_no_place(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    assert "://" not in text
    assert not [line for line in text.splitlines() if re.match(r"\s*(-[a-z]|--(?!hash=)|\.|/)", line)]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_the_lock_fits_the_project(name: str) -> None:
    locked = pins(name)
    for requirement in wanted(name):
        package = canonicalize_name(requirement.name)
        assert package in locked, f"{package} is not locked: run script/lock"
        pin = locked[package][0]
        assert requirement.specifier.contains(version(pin)), f"{pin} is not {requirement}: run script/lock"


@pytest.mark.parametrize("name", ["runtime", "build", "compile"])
def test_development_uses_the_versions_that_ship(name: str) -> None:
    development = pins("dev")
    for package, (requirement, _) in pins(name).items():
        assert version(development[package][0]) == version(requirement)


# --- the scripts ---


@pytest.mark.parametrize("name", [*SCRIPTS, ".ci/run"])
def test_scripts_can_be_run(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & stat.S_IXUSR
    shell = "bash" if name == ".ci/run" else "sh"
    first = path.read_text().splitlines()[0]
    assert first == ("#!/usr/bin/env bash" if shell == "bash" else "#!/bin/sh")
    for parser in {shell, shutil.which("dash") or shell} if shell == "sh" else {shell}:
        done = subprocess.run([parser, "-n", str(path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_setup_refuses_what_it_does_not_know() -> None:
    done = subprocess.run([ROOT / "script/setup", "everything"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: script/setup [runtime|dev]" in done.stderr


def test_setup_names_the_remedy_for_an_old_python(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "script", checkout / "script")
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        [checkout / "script/setup"],
        env={**os.environ, "PYTHON": str(old)},
        cwd="/",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_demo_works_from_anywhere_with_a_closed_input(tmp_path: Path) -> None:
    if not any((ROOT / f".venv/.{level}").is_file() for level in ("dev", "runtime")):
        if os.environ.get("CI"):
            pytest.fail("run the tests with script/test")
        pytest.skip("this .venv was not made by script/setup")
    done = subprocess.run(
        ["sh", "-c", f'"{ROOT}/script/demo" --help <&-'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage: autoresponder demo")


# --- the container files ---


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "docker/Dockerfile").read_text().replace("\\\n", " ")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker/compose.yaml").read_text())["services"])


def test_the_image_runs_as_a_fixed_ordinary_user(dockerfile: str) -> None:
    last = dockerfile.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (.+)$", last, re.MULTILINE)
    assert re.fullmatch("[1-9][0-9]{3,}:[1-9][0-9]{3,}", user)
    assert re.search(r"^ARG PYTHON_VERSION=", dockerfile, re.MULTILINE)


def test_the_image_installs_only_what_is_pinned(dockerfile: str) -> None:
    installs = [part for part in re.split("&&|\n", dockerfile) if re.search(r"pip .*(install|wheel) ", part)]
    assert len(installs) == 5
    assert all("--require-hashes" in part or "--no-deps" in part for part in installs)


def test_the_image_copies_what_there_is(dockerfile: str) -> None:
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert f"!{source}" in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_health_check_asks_where_the_service_listens(dockerfile: str, tmp_path: Path) -> None:
    environment = dict(re.findall(r"(AUTORESPONDER_[A-Z]+)=(\S+)", dockerfile))
    settings, problems = with_environment(Settings(folder=tmp_path), environment)
    assert not problems
    assert settings.store.reveal() == "sqlite:////data/autoresponder.db"
    assert f"HTTPConnection('127.0.0.1', {settings.listen.port}," in dockerfile
    assert settings.listen.host == "0.0.0.0"


async def test_the_health_check_tells_life_from_death(dockerfile: str) -> None:
    (command,) = re.findall(r"^HEALTHCHECK .*? CMD (\[.*\])$", dockerfile, re.MULTILINE)
    ready = Readiness(ready=False, store="down", channex="down", rules="", sending="off")
    server = HealthServer(ListenSettings(port=0), lambda: ready, Metrics())
    port = await server.start()
    _, *arguments = [part.replace("8080", str(port)) for part in json.loads(command)]
    codes = []
    for _ in range(2):
        check = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=subprocess.DEVNULL)
        codes.append(await check.wait())
        await server.stop()
    assert codes == [0, 1]


def test_compose_takes_away_what_is_not_needed(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["stop_grace_period"] == "60s", name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_compose_keeps_redis_in(services: dict[str, Any]) -> None:
    document = yaml.safe_load((ROOT / "docker/compose.yaml").read_text())
    redis = services["redis"]
    assert "ports" not in redis
    assert all(document["networks"][network]["internal"] for network in redis["networks"])
    options = dict(zip(redis["command"][1::2], redis["command"][2::2], strict=True))
    assert options["--appendonly"] == "yes"
    assert options["--appendfsync"] == "always"
    assert options["--maxmemory-policy"] == "noeviction"


def test_compose_takes_the_key_from_a_file(services: dict[str, Any], tmp_path: Path) -> None:
    environment = services["autoresponder"]["environment"]
    assert "CHANNEX_API_KEY" not in environment
    assert environment.pop("CHANNEX_API_KEY_FILE") == "/run/secrets/channex_api_key"
    settings, problems = with_environment(Settings(folder=tmp_path), environment)
    assert not problems
    assert settings.store.reveal() == "redis://redis:6379/0"
