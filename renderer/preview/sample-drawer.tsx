import { TerminalDrawer } from '../app/frame/terminal-drawer.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { SearchIcon } from '../ui/icons.tsx'
import { LogLines } from '../ui/log/log-lines.tsx'

const terminal = [
  '\u001b[32mowner@payments-api\u001b[0m \u001b[34m~/src/payments-api\u001b[0m \u001b[90m(main)\u001b[0m $ git status -sb',
  '## \u001b[32mmain\u001b[0m...\u001b[31morigin/main\u001b[0m [ahead \u001b[32m2\u001b[0m]',
  ' \u001b[31mM\u001b[0m internal/refund/retry.go',
  '\u001b[32mowner@payments-api\u001b[0m \u001b[34m~/src/payments-api\u001b[0m \u001b[90m(main)\u001b[0m $ go test ./internal/...',
  '\u001b[32mok\u001b[0m    acme.dev/payments/internal/ledger      \u001b[90m0.412s\u001b[0m',
  '\u001b[31m--- FAIL: TestRetryStopsAfterLimit (0.03s)\u001b[0m',
  '    \u001b[36mretry_test.go:48\u001b[0m: attempts = \u001b[33m6\u001b[0m, want \u001b[33m5\u001b[0m',
].map((text, id) => ({ id, text }))

/** A drawer with some coloured output. */
export function SampleDrawer(props: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}) {
  return (
    <TerminalDrawer
      {...props}
      bar={<p className="cut px-2 text-fg-2">payments-api: go test</p>}
      status="Re-joined 2 min ago, scrollback kept"
      actions={<IconButton size="sm" label="Search" icon={<SearchIcon />} />}
    >
      <div className="log flex h-full flex-col">
        <LogLines
          lines={terminal}
          shape={{ stage: 0, text: 90 }}
          matches={[]}
          current={undefined}
          showTime={false}
          wrap={false}
          live={false}
        />
      </div>
    </TerminalDrawer>
  )
}
