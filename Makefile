# Two commands matter: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed

.PHONY: setup run test e2e browser screenshots report-sample lint lock licences sbom quality bench soak clean

setup: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(PY) -m compileall -q bot cards knowledge rules
	touch $(STAMP)

# Without npm, or when it fails, the local page shows plain text instead of cards.
run: setup
	@if command -v npm >/dev/null 2>&1 && [ ! node_modules/.package-lock.json -nt package-lock.json ]; then \
		npm ci --silent --omit=dev || echo "npm did not install the card library; the page shows plain text"; fi
	@KAZIPOT_LOCAL=1 $(PY) -m bot

lint: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

test: lint
	$(PY) -m knowledge check
	$(PY) -m knowledge test
	$(PY) -m pytest -m "not e2e" -n auto --dist loadfile

# Browser and real-client tests; they need Node, and Chromium, which is installed from Debian when absent.
# Where either is lacking they say that they did not run; with CI=true that fails.
e2e: setup browser
	$(PY) -m pytest -m e2e tests/e2e

browser:
	@if ! command -v npm >/dev/null 2>&1; then echo "Node is not at hand"; \
	elif [ ! -d node_modules/playwright-core ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then \
		npm ci --silent || echo "npm did not install what the browser tests drive"; fi
	@command -v chromium >/dev/null 2>&1 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji >/dev/null; } \
		|| echo "Chromium is not at hand and could not be installed"

# Pictures of the page for docs/.
screenshots: setup browser
	$(PY) -m tests.e2e.screenshots

# The report of a simulated month, as a picture for docs/.
report-sample: setup browser
	$(PY) -m tests.support.report_sample

# The measured figures of docs/quality.md; every tool renews its own section.
quality: setup
	$(PY) -m knowledge quality
	$(PY) -m tests.dialogue.extraction_metric --write

# How fast it is, into docs/quality.md; on a machine that does nothing else. Needs PostgreSQL, takes about a quarter of an hour.
bench: setup
	$(PY) -m tests.benchmarks.answering --write
	$(PY) -m tests.benchmarks.turns --write
	$(PY) -m tests.benchmarks.start --write
	$(PY) -m tests.benchmarks.growth --write
	$(PY) tests/rules/benchmark.py

# Half an hour at half of the peak.
soak: setup
	$(PY) -m tests.benchmarks.soak --write

# Dependencies change in pyproject.toml only; this pins them again, with hashes.
lock: setup
	$(VENV)/bin/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host --strip-extras --no-header -o requirements.lock pyproject.toml
	$(VENV)/bin/pip-compile -q --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --strip-extras --no-header --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

# What runs comes from these packages under these licences; and a bill of materials in build/.
NAMES = $$(grep -oE '^[A-Za-z0-9_.-]+==' requirements.lock | tr -d '=')
licences: setup
	@printf '# Licences of what the bot runs with\n\nWritten by `make licences` from the packages pinned in `requirements.lock`.\n\n' > docs/licences.md
	@$(VENV)/bin/pip-licenses --packages $(NAMES) --order=name --format=markdown >> docs/licences.md

sbom: setup
	mkdir -p build
	$(VENV)/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --validate -o build/sbom.cdx.json

clean:
	rm -rf $(VENV) node_modules build .pytest_cache .mypy_cache .ruff_cache
