import type { PreviewParameters, Provisioner } from '../../provisioner/provisioner.ts'
import { previewStatic } from '../../provisioner/preview-parameters.ts'
import { TemplateError } from '../../provisioner/template-error.ts'
import type { ParameterPreview, PreviewRequest } from '../../provisioner/provisioner.ts'
import type { Files } from './files.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import { toVariableValues } from './variable-values.ts'

/** The parameters of one version for given inputs. */
export type PreviewVersion = (request: Omit<PreviewRequest, 'variableValues'>) => ParameterPreview

export interface TemplatePreviews {
  /** Reads a version's template once, for as many previews as wanted. */
  open(version: VersionRow): PreviewVersion
}

export interface TemplatePreviewDeps {
  readonly provisioner: Provisioner
  readonly files: Files
  readonly versions: TemplateVersions
}

const maxKept = 8
/** A larger archive is read again instead of being kept in memory. */
const maxKeptBytes = 1024 * 1024

export function createTemplatePreviews(deps: TemplatePreviewDeps): TemplatePreviews {
  const { provisioner, files, versions } = deps
  /** By file, the one used last at the end. Files never change. */
  const kept = new Map<string, PreviewParameters>()

  const openFile = (fileId: string): PreviewParameters | undefined => {
    const known = kept.get(fileId)
    if (known) {
      kept.delete(fileId)
      kept.set(fileId, known)
      return known
    }
    const file = files.get(fileId)
    if (!file || !provisioner.openPreview) return undefined
    const opened = provisioner.openPreview(file.data)
    if (file.data.byteLength > maxKeptBytes) return opened
    kept.set(fileId, opened)
    const [oldest] = kept.keys()
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
    return opened
  }

  return {
    open(version) {
      const variableValues = toVariableValues(version.user_variable_values)
      try {
        const opened = openFile(version.file_id)
        if (opened) return (request) => opened({ ...request, variableValues })
      } catch (error) {
        // Imported by Terraform itself: what that found has to do.
        if (!(error instanceof TemplateError)) throw error
      }
      const parameters = versions.parameters(version)
      return ({ parameterValues }) => previewStatic(parameters, parameterValues)
    },
  }
}
