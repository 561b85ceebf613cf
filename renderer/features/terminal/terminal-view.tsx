import { use, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useApi } from '../../api/api-context.tsx'
import { hasCode } from '../../api/bridge-error.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { isMac } from '../../lib/platform.ts'
import { ContextMenu } from '../../ui/menu.tsx'
import { CopyIcon, ClipboardPasteIcon, SearchIcon } from '../../ui/icons.tsx'
import { useDeployment } from '../deployments/index.ts'
import { useOpenRemoteFile } from '../files/index.ts'
import { useSettings, useUpdateSettings } from '../settings/index.ts'
import { useWindowActions } from '../window/index.ts'
import { agentsOf, isUsable, useWorkspaceCommands } from '../workspaces/index.ts'
import { createClipboard } from './clipboard.ts'
import { ClipboardQuestion } from './clipboard-question.tsx'
import { FindBar } from './find-bar.tsx'
import { decidePaste } from './paste.ts'
import { PasteDialog, type PendingPaste } from './paste-dialog.tsx'
import { SessionLine } from './session-line.tsx'
import { sessionWords, type SessionAction } from './session-words.ts'
import { tabName, type TerminalTab } from './terminal-groups.ts'
import { useTerminals } from './terminals-context.tsx'
import type { TerminalSession } from './terminal-session.ts'
import { useImagePaste } from './use-image-paste.ts'
import { useProgramRequests } from './use-program-requests.ts'
import { useSaveOutput } from './use-save-output.ts'

/** One terminal with everything around it: state line, find, paste question, menu. Needs a Suspense above it. */
export function TerminalView({ tab, hasFocus }: { readonly tab: TerminalTab; readonly hasFocus: boolean }) {
  const terminals = useTerminals()
  const { settings } = useSettings()
  const createScreen = use(terminals.screens())
  const session = terminals.session(tab, createScreen, settings.terminal)
  return <SessionView key={tab.key} tab={tab} session={session} hasFocus={hasFocus} />
}

interface SessionViewProps {
  readonly tab: TerminalTab
  readonly session: TerminalSession
}

function SessionView({ tab, session, hasFocus }: SessionViewProps & { readonly hasFocus: boolean }) {
  const terminals = useTerminals()
  const saveOutput = useSaveOutput()
  const clipboard = createClipboard(useApi().client)
  const { screen } = session
  const parent = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string>()
  const [finding, setFinding] = useState(false)
  const requests = useProgramRequests(tab, session, clipboard)
  const { copyOnSelect, rightClick } = useSettings().settings.terminal
  const paste = usePaste(session, {
    send: (text) => terminals.paste(tab.key, text),
    isTakenWhole: () => terminals.takesPasteWhole(tab.key),
    withoutText: useImagePaste(tab, session, clipboard),
  })

  useEffect(() => {
    if (!parent.current) return undefined
    const detach = screen.attach(parent.current)
    const hide = session.show()
    session.open()
    return () => {
      hide()
      detach()
    }
  }, [screen, session])
  useEffect(() => {
    if (hasFocus) screen.focus()
  }, [screen, hasFocus])
  useEffect(() => screen.onLinkHover(setLink), [screen])
  usePathLinks(tab, session)
  useEffect(() =>
    screen.onSelect((text) => {
      if (copyOnSelect) void clipboard.copy(text)
    }),
  )
  useEffect(() => screen.onFind(() => setFinding(true)), [screen])

  return (
    <div data-terminal-keys="" className="group/term relative h-full min-h-0 bg-term">
      <ContextMenu
        items={[
          {
            label: 'Copy',
            icon: <CopyIcon />,
            keys: 'Ctrl+Shift+C',
            onSelect: () => void clipboard.copy(screen.selection()),
          },
          {
            label: 'Paste',
            icon: <ClipboardPasteIcon />,
            keys: 'Ctrl+Shift+V',
            onSelect: () => void clipboard.read().then(paste.offer),
          },
          { kind: 'separator' },
          { label: 'Find…', icon: <SearchIcon />, keys: 'Ctrl+Shift+F', onSelect: () => setFinding(true) },
          { label: 'Select the last output', onSelect: () => void screen.selectLastOutput() },
          { label: 'Select all', onSelect: () => screen.selectAll() },
          { label: 'Save output…', onSelect: () => saveOutput(tab) },
          { kind: 'separator' },
          { label: 'Split right', keys: 'Ctrl+Shift+E', onSelect: () => terminals.split(tab.key, 'row') },
          { label: 'Split down', keys: 'Ctrl+Shift+O', onSelect: () => terminals.split(tab.key, 'column') },
          { label: 'Close', keys: 'Ctrl+Shift+W', onSelect: () => terminals.close(tab.key) },
          { kind: 'separator' },
          { label: 'Clear the scrollback', onSelect: () => screen.clearScrollback() },
        ]}
      >
        <div
          ref={parent}
          onContextMenuCapture={(event) => {
            if (rightClick !== 'paste' || event.shiftKey) return
            // The menu around it listens too.
            event.preventDefault()
            event.stopPropagation()
            void clipboard.read().then(paste.offer)
          }}
          // A line that stays must not hide the last thing that was printed.
          className="absolute inset-0 overflow-hidden pt-2 pr-1 pb-2 pl-3 group-has-data-resting/term:bottom-14"
        />
      </ContextMenu>
      {requests.isRinging ? (
        <div className="pointer-events-none absolute inset-0 border-2 border-warn" />
      ) : null}
      {requests.clipboard === undefined ? null : (
        <ClipboardQuestion text={requests.clipboard} name={tabName(tab)} onAnswer={requests.allowClipboard} />
      )}
      {finding ? (
        <FindBar
          screen={screen}
          onClose={() => {
            setFinding(false)
            screen.endFind()
          }}
        />
      ) : null}
      {link ? (
        <div className="pointer-events-none absolute bottom-1 left-1 max-w-[80%] rounded-sm bg-float px-2 py-0.5 text-sm text-fg-2 shadow-float">
          <span className="cut block">
            {isMac() ? '⌘' : 'Ctrl'} click opens {link}
          </span>
        </div>
      ) : null}
      <SessionStatus tab={tab} session={session} />
      <PasteDialog
        paste={paste.pending}
        name={tabName(tab)}
        onCancel={paste.cancel}
        onPaste={paste.confirm}
      />
    </div>
  )
}

/** Opens files that are named in the output. */
function usePathLinks(tab: TerminalTab, { screen }: TerminalSession): void {
  const terminals = useTerminals()
  const openPath = useOpenRemoteFile()
  useEffect(() =>
    screen.onPathOpen(({ path, line, column }) =>
      openPath({
        deploymentId: tab.deploymentId,
        workspaceId: tab.workspaceId,
        agentName: tab.agentName,
        path,
        directory: terminals.directory(tab.key),
        goTo: line === undefined ? undefined : { line, column: column ?? 1 },
      }),
    ),
  )
}

/** Says what the terminal waits for, and follows the workspace to a new agent. */
function SessionStatus({ tab, session }: SessionViewProps) {
  const terminals = useTerminals()
  const actions = useWindowActions()
  const deployment = useDeployment(tab.deploymentId)
  const { data: workspace, error } = useSubscription('workspaces.watch', {
    deploymentId: tab.deploymentId,
    workspaceId: tab.workspaceId,
  })
  const isGone = hasCode(error, 'not_found') || hasCode<'workspaces.watch'>(error, 'deleted')
  const commands = useWorkspaceCommands(tab.deploymentId)
  const state = useSyncExternalStore(session.subscribe, session.state)

  // A new build has new agents: the shell this tab showed is gone, so it gets a new one where its agent is now.
  const heir = workspace && agentsOf(workspace.latest_build).find(({ name }) => name === tab.agentName)
  const heirId = heir && heir.id !== tab.agentId && isUsable(heir) ? heir.id : undefined
  useEffect(() => {
    if (heirId !== undefined) terminals.restart(tab.key, heirId)
  }, [terminals, tab.key, heirId])

  const words = sessionWords({
    name: tabName(tab),
    state,
    agentId: tab.agentId,
    workspace,
    isGone,
    deployment,
  })
  if (!words) return null
  const onAction = (action: SessionAction): void => {
    switch (action) {
      case 'retry':
        session.retry()
        break
      case 'restart':
        terminals.restart(tab.key)
        break
      case 'close':
        terminals.close(tab.key)
        break
      case 'sign-in':
        actions.askSignIn(tab.deploymentId)
        break
      case 'start-workspace':
        if (workspace) void commands.start(workspace)
    }
  }
  return <SessionLine words={words} onAction={onAction} />
}

interface Paste {
  readonly pending: PendingPaste | undefined
  readonly offer: (text: string) => void
  readonly confirm: (text: string, neverAskAgain: boolean) => void
  readonly cancel: () => void
}

interface PasteTargets {
  readonly send: (text: string) => void
  /** Wherever it goes. */
  readonly isTakenWhole: () => boolean
  /** There is no text to paste. */
  readonly withoutText: () => Promise<void>
}

/** Sends pasted text, or asks first when the shell would run it line by line. */
function usePaste({ screen }: TerminalSession, targets: PasteTargets): Paste {
  const { send, isTakenWhole, withoutText } = targets
  const { settings } = useSettings()
  const update = useUpdateSettings()
  const [pending, setPending] = useState<PendingPaste>()
  const warn = settings.terminal.warnOnMultilinePaste
  const offer = (clipboard: string): void => {
    if (clipboard === '') {
      void withoutText()
      return
    }
    const decision = decidePaste(clipboard, { bracketed: isTakenWhole(), warn })
    if (decision.kind === 'send') send(decision.text)
    else if (decision.kind === 'ask') setPending(decision)
  }
  useEffect(() => screen.onPaste(offer))
  return {
    pending,
    offer,
    confirm: (text, neverAskAgain) => {
      setPending(undefined)
      if (neverAskAgain) update({ terminal: { warnOnMultilinePaste: false } })
      send(text)
      screen.focus()
    },
    cancel: () => {
      setPending(undefined)
      screen.focus()
    },
  }
}
