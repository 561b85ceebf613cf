/**
 * What a deployment with many rows needs. Every list of workspaces sorts and filters by the latest build, so workspaces
 * keep a copy of what that is about; triggers, because builds and the ends of their jobs are written in many places.
 */
export const largeDeployments = `
ALTER TABLE workspaces ADD COLUMN latest_build_id TEXT;
ALTER TABLE workspaces ADD COLUMN latest_transition TEXT;
ALTER TABLE workspaces ADD COLUMN latest_job_status TEXT;
UPDATE workspaces SET (latest_build_id, latest_transition, latest_job_status) = (
  SELECT build.id, build.transition, job.status
  FROM workspace_builds AS build INNER JOIN provisioner_jobs AS job ON job.id = build.job_id
  WHERE build.workspace_id = workspaces.id
  ORDER BY build.build_number DESC LIMIT 1
);
CREATE TRIGGER latest_build_added AFTER INSERT ON workspace_builds BEGIN
  UPDATE workspaces SET latest_build_id = NEW.id, latest_transition = NEW.transition,
    latest_job_status = (SELECT status FROM provisioner_jobs WHERE id = NEW.job_id)
    WHERE id = NEW.workspace_id;
END;
CREATE TRIGGER latest_build_moved AFTER UPDATE OF status ON provisioner_jobs
  WHEN NEW.workspace_build_id IS NOT NULL
BEGIN
  UPDATE workspaces SET latest_job_status = NEW.status
    WHERE id = (SELECT workspace_id FROM workspace_builds WHERE id = NEW.workspace_build_id)
    AND latest_build_id = NEW.workspace_build_id;
END;

CREATE INDEX audit_logs_resource ON audit_logs (resource_type, resource_id, created_at);
CREATE INDEX workspace_app_statuses_agent ON workspace_app_statuses (agent_id, created_at);
`
