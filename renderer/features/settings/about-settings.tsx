import { errorWords } from '../../api/error-words.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/code.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { ActivityIcon, FolderIcon, OutpostMark } from '../../ui/icons.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useWindowActions } from '../window/index.ts'

const nothing = {}

/** Settings, About: versions and where the logs are. */
export function AboutSettings() {
  const { goToDiagnostics } = useWindowActions()
  const about = useRead('app.about', nothing)
  const openLogs = useChange('app.openLogFolder')
  if (about.isError) {
    const { message, detail } = errorWords(about.error)
    return (
      <ErrorState
        title="The versions cannot be read"
        details={detail}
        actions={<Button onClick={() => void about.refetch()}>Try again</Button>}
      >
        {message}
      </ErrorState>
    )
  }
  if (!about.data) return <SkeletonRows rows={5} />
  const { version, electron, chrome, node, logFolder } = about.data
  const copied = `Outpost ${version}\nElectron ${electron}\nChrome ${chrome}\nNode ${node}`
  return (
    <>
      <Card
        title={
          <span className="flex items-center gap-2">
            <OutpostMark className="size-4 text-accent-fg" /> Outpost {version}
          </span>
        }
        actions={<CopyButton text={copied} label="Copy versions" />}
      >
        <KeyValue
          items={[
            ['Electron', electron],
            ['Chrome', chrome],
            ['Node', node],
            ['Licence', 'MIT'],
          ]}
        />
      </Card>
      <Card
        title="Diagnostics"
        actions={
          <Button variant="ghost" icon={<ActivityIcon />} onClick={goToDiagnostics}>
            Open diagnostics
          </Button>
        }
      >
        <p className="max-w-prose text-fg-2">
          How connections are, checks of the way to a deployment, and a support bundle without secrets for
          whoever helps you.
        </p>
      </Card>
      <Card
        title="Logs"
        actions={
          <Button
            variant="ghost"
            icon={<FolderIcon />}
            loading={openLogs.isPending}
            onClick={() => openLogs.mutate({})}
          >
            Open folder
          </Button>
        }
      >
        <p className="mb-2 max-w-prose text-fg-2">
          What the app did, without tokens and without terminal contents.
        </p>
        <p className="code-text copyable">{logFolder}</p>
        {openLogs.error ? (
          <Notice tone="bad" className="mt-3">
            {errorWords(openLogs.error).message}
          </Notice>
        ) : null}
      </Card>
    </>
  )
}
