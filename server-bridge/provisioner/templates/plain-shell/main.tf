terraform {
  required_providers {
    coder = {
      source = "coder/coder"
    }
  }
}

provider "coder" {}

data "coder_provisioner" "me" {}
data "coder_workspace" "me" {}
data "coder_workspace_owner" "me" {}

data "coder_parameter" "project" {
  name         = "project"
  display_name = "Project folder"
  description  = "The folder your shells start in. It is made inside the workspace."
  type         = "string"
  default      = "project"
  mutable      = false
  icon         = "/icon/folder.svg"
  order        = 1

  validation {
    regex = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    error = "Use up to 64 letters, digits, dots, dashes and underscores, and start with a letter or a digit."
  }
}

locals {
  project = data.coder_parameter.project.value

  # Outpost names the workspace's folder in OUTPOST_WORKSPACE_DIR. A Coder agent elsewhere has a home of its own.
  unix_startup = <<-EOT
    #!/bin/sh
    set -eu
    cd "$${OUTPOST_WORKSPACE_DIR:-$HOME}"
    mkdir -p "${local.project}"
    cd "${local.project}"

    echo "Workspace ${data.coder_workspace.me.name} of ${data.coder_workspace_owner.me.name}"
    echo "Folder    $(pwd)"
    echo "System    $(uname -s) $(uname -m)"
    echo "Free disk $(df -h . | awk 'NR == 2 { print $4 }')"
    for tool in git node python3 go cargo docker; do
      if command -v "$tool" >/dev/null 2>&1; then
        echo "Found     $tool at $(command -v "$tool")"
      fi
    done
  EOT

  windows_startup = <<-EOT
    @echo off
    if not exist "%OUTPOST_WORKSPACE_DIR%\${local.project}" mkdir "%OUTPOST_WORKSPACE_DIR%\${local.project}"
    echo Workspace ${data.coder_workspace.me.name} of ${data.coder_workspace_owner.me.name}
    echo Folder    %OUTPOST_WORKSPACE_DIR%\${local.project}
  EOT
}

resource "coder_agent" "main" {
  os   = data.coder_provisioner.me.os
  arch = data.coder_provisioner.me.arch
  dir  = local.project

  startup_script_behavior = "blocking"
  startup_script          = data.coder_provisioner.me.os == "windows" ? local.windows_startup : local.unix_startup

  display_apps {
    vscode                 = false
    port_forwarding_helper = false
    ssh_helper             = false
  }
}
