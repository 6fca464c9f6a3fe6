# Linux BenchTools. `make help` lists the goals.
SHELL := /bin/bash
CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TARGET_DIR

CARGO ?= cargo
# The target triple of this machine: naming it is what makes a static build possible.
comma := ,
TRIPLE := $(shell rustc -vV | sed -n 's/^host: //p')
RELEASE := $(CARGO_TARGET_DIR)/$(TRIPLE)/release
# Relative relocations in a few bits each: half a megabyte. glibc applies them to static programs since 2.36.
PACKED_RELOCATIONS := $(shell printf '2.36\n%s\n' "$$(getconf GNU_LIBC_VERSION | sed 's/.* //')" | sort --check --version-sort \
	2>/dev/null && printf %s '-C link-arg=-Wl,-z,pack-relative-relocs')
# Functions whose code is the same are one: a tenth of a megabyte. rustc brings the linker that can do that for x86-64 alone.
SAME_CODE_ONCE := $(if $(filter x86_64-unknown-linux-gnu,$(TRIPLE)),-C link-arg=-Wl$(comma)--icf=all)
# The agent aborts on a panic: it has no use for what is a twelfth of its size.
WITHOUT_UNWIND_TABLES := -C link-arg=-Wl,--no-eh-frame-hdr -C link-arg=-Wl,-T,scripts/no-unwind-tables.ld
RUN_TESTS := $(CARGO) $(if $(shell command -v cargo-nextest),nextest run,test) --locked --no-fail-fast
# The browser's driver asks serde_json for another order of maps: what we ship is tested without it.
PROGRAMS := --exclude benchtools-browser

.PHONY: help build run smoke test bench lint audit fmt clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

build: ## dist/: the server and the agents, static programs ready to be copied
	scripts/setup.sh build
	RUSTFLAGS="-C target-feature=+crt-static" $(CARGO) rustc --locked --release --target $(TRIPLE) \
		--package benchtools-server --bin benchtools-server -- $(PACKED_RELOCATIONS) $(SAME_CODE_ONCE)
	RUSTFLAGS="-C target-feature=+crt-static" $(CARGO) rustc --locked --profile agent --target $(TRIPLE) \
		--package benchtools-agent --bin benchtools -- $(WITHOUT_UNWIND_TABLES)
	install -D --strip $(RELEASE)/benchtools-server dist/benchtools-server
	install -D $(CARGO_TARGET_DIR)/$(TRIPLE)/agent/benchtools dist/agent/$(TRIPLE)/benchtools

run: build ## a server on http://localhost:8007 with its data in ./data, and this machine measured once
	scripts/run.sh

smoke: build ## what `build` made works as it stands: sizes, and the way from one line to the ranking
	scripts/smoke.sh

test: ## every test: on SQLite and PostgreSQL, with the real agent, in a real browser
	scripts/setup.sh test
	npm ci --prefix crates/browser --no-audit --no-fund --loglevel=error
	$(CARGO) build --locked --workspace --bins $(PROGRAMS)
	scripts/with-postgres.sh $(RUN_TESTS) --workspace $(PROGRAMS)
	scripts/schemathesis.sh $(CARGO_TARGET_DIR)/debug/benchtools-server
	$(RUN_TESTS) --package benchtools-browser

bench: build ## our speed and memory figures, beside references taken in the same run (ONLY=ingest,start,…)
	scripts/setup.sh bench
	RUSTFLAGS="-C target-feature=+crt-static" $(CARGO) build --locked --release --target $(TRIPLE) --package benchtools-bench \
		--package benchtools-s3
	POSTGRES_FSYNC=on scripts/with-postgres.sh $(RELEASE)/benchtools-bench $(if $(ONLY),--only $(ONLY)) \
		--server dist/benchtools-server --agent dist/agent/$(TRIPLE)/benchtools

lint: ## format, clippy, documentation, unused dependencies, licences
	scripts/setup.sh lint
	scripts/tools.sh
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --locked --workspace --no-deps --document-private-items
	$(CARGO) fetch --locked
	$(CARGO) machete --with-metadata
	$(CARGO) deny --offline --log-level error check bans licenses sources

audit: ## known vulnerabilities in dependencies (asks the advisory database on the network)
	scripts/tools.sh
	$(CARGO) deny check advisories

fmt: ## format the code
	$(CARGO) fmt --all

clean: ## remove what the goals above built
	rm -rf dist
	$(CARGO) clean
