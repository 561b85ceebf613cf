import type { ProvisionerLog } from '../../provisioner/provisioner.ts'
import type { JobLogs } from '../services/job-logs.ts'

export interface JobLogger {
  /** A row without output: clients show it as the title of what follows. */
  heading(stage: string): void
  /** A line of ours under the current heading. */
  line(output: string): void
  readonly provisioner: ProvisionerLog
}

/** Writes the rows of one job. A stage that the provisioner opens gets its heading once. */
export function createJobLogger(logs: JobLogs, jobId: string): JobLogger {
  let current = ''
  const open = (stage: string, source: 'provisioner_daemon' | 'provisioner'): void => {
    if (stage === current) return
    current = stage
    logs.append(jobId, { source, level: 'info', stage, output: '' })
  }
  return {
    heading: (stage) => open(stage, 'provisioner_daemon'),
    line: (output) =>
      logs.append(jobId, { source: 'provisioner_daemon', level: 'info', stage: current, output }),
    provisioner(level, stage, output) {
      open(stage, 'provisioner')
      if (output !== '') logs.append(jobId, { source: 'provisioner', level, stage, output })
    },
  }
}
