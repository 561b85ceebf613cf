import { readArchive } from './archive.ts'
import { createLocalProvisioner } from './local-provisioner.ts'
import type { Provisioner } from './provisioner.ts'
import { scanTemplate } from './template-module.ts'
import {
  createTerraformProvisioner,
  type TerraformProvisionerOptions,
} from './terraform/terraform-provisioner.ts'

/**
 * The built-in provisioner for every template it can run, and the machine's own Terraform for the others, where there
 * is one. The template alone decides, so every build of a version is made by what imported it.
 */
export function createTemplateProvisioner(options: TerraformProvisionerOptions): Provisioner {
  const local = createLocalProvisioner()
  const terraform = createTerraformProvisioner(options)
  /** Without Terraform the built-in one says what it misses. */
  const choose = (archive: Uint8Array, state?: Uint8Array): Provisioner => {
    // A state is Terraform's, and what is in it has to be removed by it.
    if (state !== undefined) return terraform
    return terraform.isAvailable() && needsTerraform(archive) ? terraform : local
  }
  return {
    ...local,
    useFolder: (folder) => terraform.useFolder?.(folder),
    importVersion: async (request) => choose(request.archive).importVersion(request),
    build: async (request) => choose(request.archive, request.state).build(request),
  }
}

function needsTerraform(archive: Uint8Array): boolean {
  return scanTemplate(readArchive(archive)).beyond.some(({ byTerraform }) => byTerraform)
}
