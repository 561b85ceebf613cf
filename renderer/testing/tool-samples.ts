/** A call of every tool that has a card of its own, and of tools that have none, as they are on the wire. */
import { chatToolSamples } from './chat-tool-samples.ts'
import type { ToolSample } from './tool-sample.ts'

const diff = `--- a/internal/refund/retry.go
+++ b/internal/refund/retry.go
@@ -41,1 +41,2 @@
-for attempt := 0; ; attempt++ {
+for attempt := 0; attempt < maxAttempts; attempt++ {
+  lastErr = c.send(ctx, r)
`

const files: readonly ToolSample[] = [
  {
    name: 'read_file',
    args: { path: 'internal/refund/retry.go', offset: 38, limit: 3 },
    result: { content: '38\t\n39\tfunc retry() {\n40\t}', file_size: 2048, total_lines: 61, lines_read: 3 },
  },
  {
    name: 'write_file',
    args: { path: 'internal/refund/limit.go', content: 'package refund\n\nconst maxAttempts = 5\n' },
    result: { ok: true },
  },
  {
    name: 'edit_files',
    args: {
      files: [
        {
          path: 'internal/refund/retry.go',
          edits: [
            {
              old_text: 'for attempt := 0; ; attempt++ {',
              new_text: 'for attempt := 0; attempt < maxAttempts; attempt++ {\n  lastErr = c.send(ctx, r)',
            },
          ],
        },
      ],
    },
    result: { ok: true, files: [{ path: 'internal/refund/retry.go', diff }] },
  },
  {
    name: 'list_directory',
    args: { path: 'internal/refund' },
    result: {
      entries: [
        { name: 'testdata', type: 'folder' },
        { name: 'latest', type: 'link' },
        { name: 'retry.go', type: 'file', size: 2048 },
      ],
      total: 3,
      truncated: false,
    },
  },
  {
    name: 'search_files',
    args: { path: '.', query: 'maxAttempts', name: '*.go' },
    result: {
      matches: [
        { path: 'internal/refund/limit.go', line: 3, text: 'const maxAttempts = 5' },
        {
          path: 'internal/refund/retry.go',
          line: 41,
          text: 'for attempt := 0; attempt < maxAttempts; attempt++ {',
        },
        {
          path: 'internal/refund/retry.go',
          line: 57,
          text: '\treturn fmt.Errorf("after %d: %w", maxAttempts, lastErr)',
        },
      ],
      files_searched: 118,
      truncated: true,
    },
  },
  {
    name: 'git_status',
    args: { path: '.' },
    result: {
      repo_root: '/home/coder/payments',
      branch: 'agent/retry-limit',
      commit: '4f2a9c1be0d377aa52b6f1a0c9d8e7f6a5b4c3d2',
      base: { revision: 'origin/main', ahead: 2, behind: 1 },
      conflicted: [],
      staged: ['internal/refund/limit.go'],
      unstaged: ['internal/refund/retry.go'],
      untracked: ['out/report.csv'],
      truncated: false,
    },
  },
  {
    name: 'git_diff',
    args: { path: '.', from: 'origin/main' },
    result: {
      repo_root: '/home/coder/payments',
      diff: `diff --git a/internal/refund/retry.go b/internal/refund/retry.go\nindex 1111111..2222222 100644\n${diff}`,
      additions: 2,
      deletions: 1,
      changed_files: 1,
    },
  },
  {
    name: 'git_log',
    args: { path: 'internal/refund', limit: 2 },
    result: {
      repo_root: '/home/coder/payments',
      commits: [
        {
          commit: '4f2a9c1be0d377aa52b6f1a0c9d8e7f6a5b4c3d2',
          author: 'Ada Lovelace <ada@example.com>',
          date: '2026-08-20T09:12:44+02:00',
          message: 'Stop a refund after five attempts\n\nIt went on for ever where the bank was away.',
        },
        {
          commit: '90b1c2d3e4f5061728394a5b6c7d8e9f00112233',
          author: 'Grace Hopper <grace@example.com>',
          date: '2026-08-18T16:40:02+02:00',
          message: 'Read the limit of refunds from the settings',
        },
      ],
      truncated: true,
    },
  },
  {
    name: 'attach_file',
    args: { path: 'out/report.csv', name: 'report.csv' },
    result: {
      ok: true,
      path: 'out/report.csv',
      file_id: 'f',
      name: 'report.csv',
      media_type: 'text/csv',
      size: 512,
    },
  },
]

const commands: readonly ToolSample[] = [
  {
    name: 'execute',
    args: { command: 'go test ./internal/refund/...', model_intent: 'Run the refund tests' },
    result: {
      success: true,
      output: 'ok  acme.dev/payments/internal/refund  0.198s',
      exit_code: 0,
      wall_duration_ms: 2100,
    },
  },
  {
    name: 'process_output',
    args: { process_id: 'p-17', wait_timeout: '10s' },
    result: { success: true, output: 'GET / 200', exit_code: 0 },
  },
  {
    name: 'process_signal',
    args: { process_id: 'p-17', signal: 'kill' },
    result: { success: true, message: 'Signal sent' },
  },
  {
    name: 'process_list',
    args: {},
    result: {
      processes: [
        { id: 'p-17', command: 'npm run dev', running: true },
        { id: 'p-18', command: 'make', running: false, exit_code: 2 },
      ],
    },
  },
]

const places: readonly ToolSample[] = [
  {
    name: 'list_templates',
    args: { query: 'go' },
    result: {
      templates: [
        { id: 'a', name: 'go-service', display_name: 'Go service', description: 'Go 1.26 with a database' },
        { id: 'b', name: 'monorepo' },
      ],
      recommended_template_id: 'a',
    },
  },
  {
    name: 'read_template',
    args: { template_id: 'a' },
    result: {
      template: { display_name: 'Go service', readme: '# Go service' },
      parameters: [{}, {}],
      presets: [],
    },
  },
  {
    name: 'create_workspace',
    args: { template_id: 'a', name: 'refunds', parameters: { region: 'eu' } },
    result: { created: true, workspace_name: 'refunds', agent_status: 'ready' },
  },
  { name: 'start_workspace', args: {}, result: { started: true, workspace_name: 'refunds' } },
  { name: 'stop_workspace', args: {}, result: { stopped: true, workspace_name: 'refunds' } },
]

const others: readonly ToolSample[] = [
  {
    name: 'docs__search_runbooks',
    args: { model_intent: 'Look for the runbook', properties: { query: 'refund back-off' } },
    result: { output: '[{"title":"Refunds","steps":["wait","retry"]}]' },
  },
  { name: 'my_tool', args: { count: 3 }, result: 'ok' },
]

export const toolSamples: readonly ToolSample[] = [
  ...files,
  ...commands,
  ...places,
  ...chatToolSamples,
  ...others,
]
