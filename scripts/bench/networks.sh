#!/usr/bin/env bash
# Times and peak memory of one network: forward|gradients FOLDER DTYPE SIZE REPEATS [DEVICE], or
# images FOLDER DTYPE COUNT STEPS [DEVICE [REPEATS]]. In the environment that the launcher gives libtorch.
# Build first: mvn -q -Dquickly package test-compile
set -eu
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
# Lines such as export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-1000}, which stand outside of the launcher's functions.
exports=$(grep -E '^export [A-Z_]+=' "$root/scripts/realera") || {
  echo "networks.sh: no line of $root/scripts/realera begins with export: what it gives libtorch must be there" >&2
  exit 1
}
eval "$exports"
time=()
[[ ! -x /usr/bin/time ]] || time=(/usr/bin/time -f 'peak memory %M KB, user %U s, wall %e s')
classpath=$root/target/test-classes:$root/target/classes
for jar in "$root"/target/lib/*.jar; do
  case ${PYTORCH_FLAVOR:-cpu}:$jar in cu*/pytorch-native-*) ;; *) classpath=$classpath:$jar ;; esac # as the launcher does
done
exec ${time[@]+"${time[@]}"} java -Xmx1g -DOPT_OUT_TRACKING=true \
  -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener -cp "$classpath" org.realera.bench.NetworkBench "$@"
