#!/usr/bin/env bash
# Keeps a clone of the dotfiles, and runs their own install script when that was asked for.
set -eu

cd "${OUTPOST_WORKSPACE_DIR:-$HOME}"

if ! command -v git >/dev/null 2>&1; then
  echo "git is missing, so the dotfiles were not fetched. Install git and start the workspace again." >&2
  exit 0
fi

export GIT_TERMINAL_PROMPT=0
export GIT_ALLOW_PROTOCOL=file:git:http:https:ssh
export GIT_SSH_COMMAND="${GIT_SSH_COMMAND:-ssh -o BatchMode=yes}"

if [ -e .dotfiles/.git ] && [ "$(git -C .dotfiles remote get-url origin)" = "$TEMPLATE_DOTFILES" ]; then
  git -C .dotfiles pull --ff-only --quiet || echo "The dotfiles could not be brought up to date: the clone stays as it is." >&2
else
  rm -rf -- ./.dotfiles.new
  git clone --quiet --depth 1 -- "$TEMPLATE_DOTFILES" ./.dotfiles.new
  rm -rf -- ./.dotfiles
  mv -- ./.dotfiles.new ./.dotfiles
fi
echo "The dotfiles are in $(pwd)/.dotfiles."

if [ "$TEMPLATE_INSTALL_DOTFILES" != true ]; then
  echo "They are not installed: set the parameter \"Install the dotfiles\" for that."
  exit 0
fi
cd .dotfiles
for script in install.sh install bootstrap.sh bootstrap setup.sh setup; do
  if [ -f "./$script" ] && [ -x "./$script" ]; then
    echo "Running $script"
    "./$script"
    exit 0
  fi
done
echo "They have no install script (install.sh, bootstrap.sh or setup.sh that can be executed): nothing was installed."
