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
  is_windows = data.coder_provisioner.me.os == "windows"

  windows_startup = <<-EOT
    @echo off
    if not exist "%OUTPOST_WORKSPACE_DIR%\%TEMPLATE_PROJECT%" mkdir "%OUTPOST_WORKSPACE_DIR%\%TEMPLATE_PROJECT%"
    echo Workspace %CODER_WORKSPACE_NAME% of %CODER_WORKSPACE_OWNER_NAME%
    echo Folder    %OUTPOST_WORKSPACE_DIR%\%TEMPLATE_PROJECT%
  EOT
}

# On a Coder deployment elsewhere, add the machine or container that runs coder_agent.main.init_script, and set os and
# arch to those of that machine. Everything else stays as it is.
resource "coder_agent" "main" {
  os   = data.coder_provisioner.me.os
  arch = data.coder_provisioner.me.arch
  dir  = data.coder_parameter.project.value

  # Values reach the script as variables, never as part of its text: no value can become a command.
  env = {
    TEMPLATE_PROJECT = data.coder_parameter.project.value
  }

  startup_script_behavior = "blocking"
  startup_script          = local.is_windows ? local.windows_startup : file("${path.module}/start.sh")

  display_apps {
    vscode                 = false
    port_forwarding_helper = false
    ssh_helper             = false
  }
}
