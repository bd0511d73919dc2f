# Each target does all of its own set-up: Python 3.11+, make and git are enough.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: docs demo test faults failover attack audit-check sbom lint run bench screenshots lock clean venv-package install package package-check

demo: $(VENV)/.runtime
	@$(RUN) -m bot demo $(ARGS)

run: $(VENV)/.runtime
	@$(RUN) -m bot run

# To look for these few tests in all files takes as long as half of them.
ALONE = $(shell grep -rl --include='test_*.py' 'mark\.alone' tests)
# What measures time runs last and by itself. 5: there is nothing of that kind among ARGS.
# Images often forbid Python to keep what it compiled: each of some hundred processes would compile everything again.
test: export PYTHONDONTWRITEBYTECODE :=
# `make test ENGINE=postgres`: storage, delivery, dialogues and promises on a PostgreSQL server, which the run starts.
test: export ENGINE := $(ENGINE)
test: $(VENV)/.tests
	@$(RUN) -m pytest -m "not alone" $(ARGS) || [ $$? = 5 ]
	@$(RUN) -m pytest -m alone -n 0 $(or $(ARGS),$(ALONE)) || [ $$? = 5 ]

# Kills Visnyk in the middle of broadcasts and counts what the phones got. `make faults KILLS=1000 SEED=1 READERS=10000`
# `make faults POINTS=1` kills it once at each point instead: before and after every commit, request and mark.
# `make faults STORM=0.5` sends half of everything away for pace instead (SECONDS, RATE a second, READERS, VIBER).
# `make faults CUTS=100` cuts the power so often instead.
# `make faults CHANGES=3 KILLS=100` corrects each article so often while it is on its way.
faults: $(VENV)/.tests
	@$(RUN) -m tests.faults KILLS=$(KILLS) SEED=$(SEED) READERS=$(READERS) VIBER=$(VIBER) ONLY=$(ONLY) POINTS=$(POINTS) \
	  STORM=$(STORM) SECONDS=$(SECONDS) RATE=$(RATE) CUTS=$(CUTS) CHANGES=$(CHANGES)

# Three machines on one PostgreSQL server: the leader is killed, paused, cut off and stopped. `make failover KILLS=20`
failover: $(VENV)/.tests
	@$(RUN) -m tests.trials.failover KILLS=$(KILLS) SEED=$(SEED)

# Attacks a running Visnyk in every way that tests/trials/attack/registry.py names, and ends with the first that works.
# `make attack ONLY="a crowd"` tries those with these words in their names, TRIES=1000 each so often, SHORT=1 a few times.
attack: $(VENV)/.tests
	@$(RUN) -m tests.trials.attack SHORT=$(SHORT) ONLY="$(ONLY)" TRIES=$(TRIES)

# Alters an audit log and asks `audit verify`. `make audit-check CASES=100000 SEED=2`
audit-check: $(VENV)/.tests
	@$(RUN) -m tests.trials.audit CASES=$(CASES) SEED=$(SEED)

# The inventory of what is installed, as CycloneDX. `make -s sbom > visnyk.cdx.json`
sbom: $(VENV)/.runtime
	@$(RUN) -m tests.trials.inventory

# With the tests' tools, because it measures itself against aiogram too. `make bench ARGS="--only speed --quick"`
bench: $(VENV)/.tests
	@$(RUN) -m bot bench $(ARGS)

# Needs Chromium and a font with emoji (Debian: chromium, fonts-noto-color-emoji).
screenshots: $(VENV)/.tests
	@$(RUN) -m tests.page.screenshots

# The pages of docs/ as a site in site/, with search; it needs no server and no network.
docs: $(VENV)/.runtime
	@$(RUN) -m tests.trials.handbook

lint: $(VENV)/.tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Puts the command `visnyk` on the PATH: for everybody as root, else for you. `make install PREFIX=/opt/visnyk`
PREFIX ?= $(if $(filter 0,$(shell id -u)),/usr/local,$(HOME)/.local)
install: $(VENV)/.runtime
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	@mkdir -p $(PREFIX)/bin && ln -sf $(CURDIR)/$(VENV)/bin/visnyk $(PREFIX)/bin/visnyk
	@$(PREFIX)/bin/visnyk --version
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) echo "Add $(PREFIX)/bin to your PATH, then type: visnyk";; esac

# One file that pipx, `uv tool install` and pip take, in dist/.
package: $(VENV)/.runtime
	@$(RUN) -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist/*.whl

# Installs that file where there is nothing else of Visnyk, and plays the demo with it from an empty folder.
package-check: $(VENV)/.runtime
	@.ci/package-check

# A lock is made on purpose, never by the way: `make lock` needs the network and the result is committed.
lock:
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet --require-hashes -r .ci/lock.txt
	$(VENV)/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --quiet --extra tests pyproject.toml --output-file tests/requirements.txt
	$(VENV)/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --quiet pyproject.toml --constraint tests/requirements.txt \
	  --output-file requirements.txt

clean:
	rm -rf $(VENV) .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

# Debian ships venv apart from Python; where it is missing, say what to install.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Visnyk needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); $(MAKE) --no-print-directory venv-package; \
	  $(PYTHON) -m venv $(VENV); } || { rm -rf $(VENV); \
	  echo "Python's venv is missing. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }

# Root may simply install it; others may if sudo does not ask for a password. It says what it does, and what came of it.
venv-package:
	@AS=$$([ "$$(id -u)" = 0 ] || echo "sudo -n "); \
	  echo "Installing Debian's python3-venv (once): $${AS}apt-get install python3-venv"; \
	  { $${AS}apt-get update -qq && $${AS}apt-get install -qq -y --no-install-recommends python3-venv; } || true

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Visnyk needs (once) ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: tests/requirements.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@ $(VENV)/.runtime
