#!/usr/bin/env bash
# Makes the project folder and says what is on this machine. Runs again at every start and changes nothing then.
set -eu

# Outpost names the workspace's folder in OUTPOST_WORKSPACE_DIR. A Coder agent elsewhere has a home of its own.
cd "${OUTPOST_WORKSPACE_DIR:-$HOME}"
mkdir -p -- "./$TEMPLATE_PROJECT"
cd -- "./$TEMPLATE_PROJECT"

echo "Workspace ${CODER_WORKSPACE_NAME:-} of ${CODER_WORKSPACE_OWNER_NAME:-}"
echo "Folder    $(pwd)"
echo "System    $(uname -s) $(uname -m)"
echo "Free disk $(df -h . | awk 'NR == 2 { print $4 }')"
for tool in git node python3 go cargo docker; do
  if command -v "$tool" >/dev/null 2>&1; then
    echo "Found     $tool at $(command -v "$tool")"
  fi
done
