"""Holds a cache that realera wrote against the one that huggingface_hub writes from the same hub.

    java -cp target/test-classes:target/classes:'target/lib/*' org.realera.hub.HubServer MODEL ORG/NAME 8765 ca.pem &
    export HF_ENDPOINT=https://127.0.0.1:8765 REQUESTS_CA_BUNDLE=ca.pem HF_HUB_DISABLE_XET=1
    HF_HUB_CACHE=by-realera realera model pull ORG/NAME
    python hub_cache.py ORG/NAME by-realera by-huggingface

The server writes the certificate of its authority to ca.pem; without that word it speaks plain http.

Package versions: requirements.txt beside this file.
"""

import argparse
import os
from pathlib import Path

from huggingface_hub import scan_cache_dir, snapshot_download


def entries(cache, folder):
    """Path to link target or content of everything in a model's folder."""
    found = {}
    for path in sorted((cache / folder).rglob("*")):
        name = path.relative_to(cache).as_posix()
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_file():
            found[name] = ("file", path.read_bytes())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="ORG/NAME")
    parser.add_argument("ours", type=Path, help="the cache that realera wrote")
    parser.add_argument("theirs", type=Path, help="where huggingface_hub shall write one")
    args = parser.parse_args()

    info = scan_cache_dir(args.ours)
    assert not info.warnings, info.warnings
    (repo,) = [r for r in info.repos if r.repo_id == args.name]
    (revision,) = repo.revisions
    print(f"scan_cache_dir: {repo.repo_id}, {repo.nb_files} blobs, {repo.size_on_disk} bytes, {sorted(revision.refs)}")

    # huggingface_hub finds realera's snapshot whole, without a request for any file.
    found = snapshot_download(args.name, cache_dir=args.ours, local_files_only=True)
    assert Path(found) == revision.snapshot_path.absolute(), found

    files = [p.relative_to(found).as_posix() for p in Path(found).rglob("*") if p.is_file()]
    snapshot_download(args.name, cache_dir=args.theirs, allow_patterns=files)
    folder = "models--" + args.name.replace("/", "--")
    ours, theirs = entries(args.ours, folder), entries(args.theirs, folder)
    assert ours == theirs, sorted(set(ours.items()) ^ set(theirs.items()))
    print(f"{len(ours)} entries, the same names, links and bytes")


if __name__ == "__main__":
    main()
