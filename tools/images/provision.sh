#!/bin/sh
# Runs inside a container on the host's network and turns its parent image into the next one.
# Expects in /run/build: apt.conf (APT_CONFIG points there), packages, disabled, masked, removed, files.tar.
set -eu
build=/run/build
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
lines() { grep -v '^$' "$build/$1" || true; }

# Packages that start what they install would leave state behind, and ports taken on the host's network.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d
printf 'force-unsafe-io\n' > /etc/dpkg/dpkg.cfg.d/build
printf 'path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\n' \
    > /etc/dpkg/dpkg.cfg.d/small

tar -C / -xf "$build/files.tar"
apt-get -qq update
if [ "${UPGRADE:-no}" = yes ]; then apt-get -qq -y dist-upgrade; fi
lines packages | xargs -r apt-get -qq -y --no-install-recommends install

lines disabled | while read -r unit; do systemctl disable "$unit" > /dev/null 2>&1 || true; done
lines masked | while read -r unit; do ln -sf /dev/null "/etc/systemd/system/$unit"; done

rm -f /usr/sbin/policy-rc.d /etc/dpkg/dpkg.cfg.d/build
printf '# Packages come with the image: this machine has no way out.\n' > /etc/apt/sources.list
# Unquoted on purpose: the entries are patterns.
lines removed | while read -r pattern; do rm -rf $pattern; done
: > /etc/machine-id
