# `make help` lists the targets. `demo`, `test` and `lint` share one debug build.

SWIFT ?= swift
PREFIX ?= /usr/local
export SWIFT

# Tests that need the processors to themselves, or a machine that is not overcrowded.
APART = 'CrashMatrixTests|ConcurrencyTests'

.DEFAULT_GOAL := build
.PHONY: setup build demo test screenshot bench lint format docs install command clean help

setup: ## install what is missing: system libraries, the tests' tools
	@scripts/setup

build: setup ## build everything for development
	$(SWIFT) build --build-tests

demo: setup ## converge the example services in a simulated world
	$(SWIFT) build --product launch
	@scripts/demo

test: setup ## run all tests
	$(SWIFT) test --experimental-maximum-parallelization-width 8 --skip $(APART)
	$(SWIFT) test --skip-build --filter $(APART)

screenshot: build ## take the documentation's picture of the registry
	@scripts/screenshot

bench: setup ## measure time and requests; writes a table and JSON
	$(SWIFT) run -c release launch-bench

lint: setup ## check form, the direction of imports, and scripts
	@scripts/lint

format: ## bring the sources into form
	$(SWIFT) format --in-place --parallel --recursive Package.swift $(wildcard Sources Tests Benchmarks)

docs: setup ## write the documentation to .build/docs
	@scripts/docs

install: command ## install the command, completions and manual to PREFIX (/usr/local)
	@scripts/install "$(DESTDIR)$(PREFIX)"

command: ## install the command alone
	@scripts/setup build
	$(SWIFT) build -c release --product launch
	install -D -m 755 "$$($(SWIFT) build -c release --show-bin-path)/launch" "$(DESTDIR)$(PREFIX)/bin/launch"

clean: ## remove what was built
	rm -rf .build .venv

help: ## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12
