import type { ProvisionerJobLog } from '../../contract/provisioner-jobs.ts'
import type { JobLogs } from '../services/job-logs.ts'
import type { JobRecords } from '../services/job-records.ts'
import type { Topics } from '../services/topics.ts'
import { followRows } from '../ws/follow-rows.ts'
import type { RunSocket } from './call.ts'

interface LogQuery {
  readonly after?: number | undefined
  readonly format?: 'json' | 'text' | undefined
}

/** The logs of a job, which builds and template versions share. */
export interface JobLogStreams {
  read(jobId: string, query: LogQuery): ProvisionerJobLog[] | Response
  follow(jobId: string, after: number): RunSocket
}

function toText(row: ProvisionerJobLog): string {
  return `${row.created_at} [${row.log_level}] [${row.log_source}|${row.stage}] ${row.output}\n`
}

export function createJobLogStreams(logs: JobLogs, jobs: JobRecords, topics: Topics): JobLogStreams {
  return {
    read(jobId, { after = 0, format }) {
      const rows = logs.read(jobId, after)
      if (format !== 'text') return rows
      return new Response(rows.map(toText).join(''), {
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      })
    },
    follow: (jobId, after) => (socket) => {
      followRows(socket, {
        topic: topics.job,
        topicId: jobId,
        read: (last) => logs.read(jobId, last),
        after,
        framing: 'object',
        isDone: () => jobs.get(jobId).completed_at !== null,
      })
    },
  }
}
