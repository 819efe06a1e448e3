#!/usr/bin/env bash
# Times and peak memory of the steps of attacks: ERASED ORIGINAL SETTINGS.yaml ATTACK...
# Build first: mvn -q -Dquickly package test-compile
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
exec /usr/bin/time -f 'peak memory %M KB, user %U s, wall %e s' \
  java -Xmx1g -DOPT_OUT_TRACKING=true -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener \
  -cp "target/test-classes:target/classes:target/lib/*" org.realera.bench.AttackBench "$@"
