import { useEffect } from 'react'
import { hasCode } from '../../api/bridge-error.ts'
import type { Output } from '../../api/procedure-types.ts'
import { useRead } from '../../api/use-call.ts'

export interface TemplateDetail {
  readonly data: Output<'templates.get'> | undefined
  readonly error: Error | undefined
  /** The active version is still being imported; it is asked for again until it is there. */
  readonly isImporting: boolean
  readonly retry: () => void
}

const askAgainMs = 2_000

/** One template with its active version and parameters. */
export function useTemplate(deploymentId: string, templateId: string): TemplateDetail {
  const { data, error, refetch, errorUpdateCount } = useRead('templates.get', { deploymentId, templateId })
  const isImporting = error !== null && hasCode<'templates.get'>(error, 'importing')
  useEffect(() => {
    if (!isImporting) return undefined
    const timer = setTimeout(() => void refetch(), askAgainMs)
    return () => clearTimeout(timer)
  }, [isImporting, errorUpdateCount, refetch])
  return {
    data,
    error: error === null || isImporting ? undefined : error,
    isImporting,
    retry: () => void refetch(),
  }
}
