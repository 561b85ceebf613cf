import { readArchive } from './archive.ts'
import {
  hostArchitecture,
  hostSystem,
  importOwner,
  importWorkspace,
  type BuildContext,
} from './build-context.ts'
import { planResources } from './plan-resources.ts'
import { readPresets } from './read-presets.ts'
import { openParameterPreview, previewModule } from './preview-parameters.ts'
import type {
  BuildPlan,
  BuildRequest,
  ImportedVersion,
  ImportRequest,
  PlannedResource,
  Provisioner,
  ProvisionerLog,
} from './provisioner.ts'
import { TemplateError } from './template-error.ts'
import { TemplateEvaluation } from './template-evaluation.ts'
import { readTemplateModule, type TemplateModule } from './template-module.ts'

const readStage = 'Reading template'
const planStage = 'Planning infrastructure'

/** Workspaces as folders of this machine, from the part of Terraform that needs no cloud. */
export function createLocalProvisioner(): Provisioner {
  return {
    name: 'local',
    async importVersion(request) {
      const module = await read(request)
      const base = { workspace: importWorkspace, owner: importOwner, parameterValues: {} }
      const context = (transition: 'start' | 'stop'): BuildContext => ({
        ...base,
        transition,
        variableValues: request.variableValues,
      })
      const evaluation = new TemplateEvaluation(module, context('start'))
      const variables = evaluation.variables().map((definition) => definition.wire)
      const parameters = evaluation.parameters().map((definition) => definition.wire)
      request.log(
        'info',
        readStage,
        `${count(parameters.length, 'parameter')}, ${count(variables.length, 'variable')}`,
      )
      const isComplete = parameters.every((parameter) => !parameter.required)
      const preview = (transition: 'start' | 'stop'): PlannedResource[] =>
        previewResources(module, context(transition), isComplete, request.log)
      const imported: ImportedVersion = {
        readme: module.readme,
        parameters,
        variables,
        presets: readPresets(
          evaluation,
          (presetValues) =>
            previewModule(module, { ...request, parameterValues: presetValues, owner: importOwner }),
          (output) => request.log('warn', readStage, output),
        ),
        startResources: preview('start'),
        stopResources: preview('stop'),
      }
      logPlan(imported.startResources, request.log)
      return imported
    },

    openPreview: (archive) => openParameterPreview(archive),

    async build(request) {
      const module = await read(request)
      const evaluation = new TemplateEvaluation(module, request)
      evaluation.variables()
      const plan: BuildPlan = { resources: planResources(evaluation, request.transition) }
      logPlan(plan.resources, request.log)
      return plan
    },
  }
}

/** Reading is quick; the breath between its steps lets an abort and other requests through. */
async function read(request: ImportRequest | BuildRequest): Promise<TemplateModule> {
  request.signal.throwIfAborted()
  await breathe()
  const files = readArchive(request.archive)
  request.signal.throwIfAborted()
  const module = readTemplateModule(files)
  request.log('debug', readStage, `Read ${count(files.size, 'file')}`)
  await breathe()
  request.signal.throwIfAborted()
  return module
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/**
 * What a build would make. With a required parameter still open an expression may not have a value yet, which is no
 * fault of the template.
 */
function previewResources(
  module: TemplateModule,
  context: BuildContext,
  isComplete: boolean,
  log: ProvisionerLog,
): PlannedResource[] {
  try {
    return planResources(new TemplateEvaluation(module, context), context.transition)
  } catch (error) {
    if (isComplete || !(error instanceof TemplateError)) throw error
    log(
      'warn',
      planStage,
      `The resources cannot be shown before the parameters have values: ${error.message}`,
    )
    return []
  }
}

function logPlan(resources: readonly PlannedResource[], log: ProvisionerLog): void {
  for (const resource of resources) {
    for (const agent of resource.agents) {
      log(
        'info',
        planStage,
        `coder_agent.${agent.name}: ${count(agent.scripts.length, 'script')}, ${count(agent.apps.length, 'app')}`,
      )
      if (agent.operatingSystem !== hostSystem || agent.architecture !== hostArchitecture) {
        log(
          'warn',
          planStage,
          `coder_agent.${agent.name} is meant for ${agent.operatingSystem}/${agent.architecture}, ` +
            `but this machine is ${hostSystem}/${hostArchitecture}: its scripts may not run here.`,
        )
      }
    }
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
