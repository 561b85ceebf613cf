import { errorWords } from '../../api/error-words.ts'
import { TextButton } from '../../ui/button.tsx'
import { LogView } from '../../ui/log/log-view.tsx'
import { buildLogLines } from './build-log-lines.ts'
import { useBuildLogs } from './use-build-logs.ts'

/** Lines of a build that a card shows; the workspace's own page has all of them. */
const mostLines = 500

export interface BuildLogTailProps {
  readonly deploymentId: string
  readonly buildId: string
  /** It still runs. */
  readonly isRunning: boolean
}

/** The last lines of a build's log, live while it runs. */
export function BuildLogTail({ deploymentId, buildId, isRunning }: BuildLogTailProps) {
  const logs = useBuildLogs(deploymentId, buildId)
  const all = logs.data ?? []
  return (
    <LogView
      bare
      className="h-52"
      title="Build log"
      showTime={false}
      lines={buildLogLines(all.slice(-mostLines))}
      live={isRunning && logs.status === 'live'}
      meta={all.length > mostLines ? `The last ${mostLines} lines` : undefined}
      empty={
        logs.error ? (
          <>
            {errorWords(logs.error).message} <TextButton onClick={logs.retry}>Try again</TextButton>
          </>
        ) : logs.data === undefined ? (
          'Reading the log…'
        ) : undefined
      }
    />
  )
}
