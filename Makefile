# make demo      set everything up, build the program, run the main job on real input and show it
# make test      set everything up, build, run all tests; ends with "N passed, N failed, N skipped"
# make test-all  the same with the long ones (PROV_LONG=1): kills, and the program built twice
# make publish   one native program: out/prov
# make publish-static   the same with OpenSSL 3.5 linked in, for nodes without it: out/static/prov (builds OpenSSL from Debian's source at the first time)
# make install   PREFIX=/usr/local (DESTDIR honoured): the program, its completions, a systemd unit for 'prov serve'
# make validators   what tests ask about pages and documents: npm packages, by their lock file
# make fuzz      every parser of what arrives for FUZZ_SECONDS each (720 on two cores: 24 minutes of processor time), led by coverage; FUZZ_TARGET='elf http' for some
# make fuzz-properties   the same by the property tests, which know what must hold
# make bench     start-up, import and recording beside the peers

PREFIX ?= /usr/local
RID := $(if $(filter aarch64,$(shell uname -m)),linux-arm64,linux-x64)
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1

# What building the native program needs beside the SDK.
BUILD_PACKAGES := clang lld zlib1g-dev libsqlite3-dev
STATIC_PACKAGES := $(BUILD_PACKAGES) cmake make gcc libc6-dev perl dpkg-dev
# What the demonstration needs: a Debian image with scientific programs, made on the spot.
DEMO_PACKAGES := mmdebstrap openssl
# The real peers and tools that the tests check us against.
TEST_PACKAGES := $(DEMO_PACKAGES) binutils gcc g++ gfortran libc6-dev binutils-aarch64-linux-gnu gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
  qemu-user-static busybox-static skopeo umoci podman uidmap docker-registry apache2-utils curl chromium strace graphviz rpm xz-utils bzip2 zstd attr jq python3 python3-jsonschema python3-prov bash-completion util-linux sudo systemd systemd-container runc \
  golang-go golang-golang-x-mod-dev musl-tools libblis-dev libopenblas-dev libfftw3-dev libssl-dev make git afl++ python3-numpy python3-h5py samtools bcftools hdf5-tools netcdf-bin r-base-core mpich libmpich-dev openmpi-bin
BENCH_PACKAGES := $(TEST_PACKAGES) charliecloud bubblewrap crun runc fuse-overlayfs hyperfine reprozip proot care datalad git-annex make

SOURCES := $(shell find src schema -type f 2>/dev/null) Directory.Build.props Directory.Packages.props global.json

.PHONY: demo test test-all publish publish-static install bench fuzz fuzz-properties clean build-packages demo-packages test-packages bench-packages test-user validators

demo: demo-packages out/prov
	tests/Demo/demo.sh out/prov

test: test-packages test-user validators out/prov
	tests/run.sh

test-all: export PROV_LONG = 1
test-all: test

publish: out/prov

out/prov: $(SOURCES)
	$(MAKE) build-packages
	dotnet publish src/Cli/Cli.csproj --configuration Release --runtime $(RID) --output out
	touch out/prov

publish-static: out/static/prov

artifacts/openssl/lib/libssl.a:
	$(call install-missing,$(STATIC_PACKAGES))
	src/Cli/openssl.sh artifacts/openssl

out/static/prov: $(SOURCES) artifacts/openssl/lib/libssl.a
	OPENSSL_ROOT_DIR=$(CURDIR)/artifacts/openssl dotnet publish src/Cli/Cli.csproj --configuration Release --runtime $(RID) --output out/static \
	  -p:OpenSslFolder=$(CURDIR)/artifacts/openssl
	touch out/static/prov

install: out/prov
	install -D -m 0755 out/prov $(DESTDIR)$(PREFIX)/bin/prov
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	out/prov completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/prov
	out/prov completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_prov
	out/prov completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/prov.fish
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's#/usr/local/bin/prov#$(PREFIX)/bin/prov#' packaging/prov-serve.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/prov-serve.service
	install -D -m 0644 packaging/prov.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/prov.conf

FUZZ_SECONDS ?= 720
fuzz: test-packages
	tests/Fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ_TARGET)

fuzz-properties: test-packages
	tests/fuzz.sh $(FUZZ_SECONDS)

bench: bench-packages out/prov
	tests/Benchmarks/run.sh out/prov

clean:
	rm -rf out artifacts

# apt-get only when something is missing, so that a set-up machine needs neither network nor root.
define install-missing
	@missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then $(SUDO) apt-get update -q && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; fi
endef

build-packages:
	$(call install-missing,$(BUILD_PACKAGES))
demo-packages:
	$(call install-missing,$(DEMO_PACKAGES))
test-packages:
	$(call install-missing,$(TEST_PACKAGES))
bench-packages:
	$(call install-missing,$(BENCH_PACKAGES))

# Validators of other people, of the versions in the lock file. Without npm or a network their tests are skipped, and say so.
validators:
	@[ -d tests/Validators/node_modules ] || { command -v npm >/dev/null && (cd tests/Validators && npm ci --silent); } || \
	  echo 'the validators cannot be fetched: what they check is skipped'

# The ordinary user the tests run as: rootless is the normal case.
test-user:
	@id provtest >/dev/null 2>&1 || $(SUDO) useradd --create-home --shell /bin/bash provtest
