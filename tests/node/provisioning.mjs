// Org2Org at acme that pushes people to hub by OAuth with keys that hub fetches, made by API alone.

import { Api } from "./orgs.mjs";
import { Service } from "./service.mjs";

/** The people of acme who are in no app and not in hub yet. */
export const GRACE = "grace@acme.example.com";
export const ALAN = "alan@acme.example.com";

export class Provisioning {
  static async made(lab) {
    const [source, service] = [new Api(lab, "acme"), await Service.made(lab)];
    const target = service.hub;
    const app = await source.ask("POST", "/api/v1/apps", { name: "okta_org2org", label: "Hub", settings: { app: { baseUrl: `https://${target.host}` } } });
    const connection = `/api/v1/apps/${app.id}/connections/default`;
    const changed = await target.ask("GET", `/api/v1/apps/${service.app.id}`);
    delete changed.settings.oauthClient.jwks;
    changed.settings.oauthClient.jwks_uri = `https://${source.host}${connection}/jwks`;
    await target.ask("PUT", `/api/v1/apps/${service.app.id}`, changed);
    const profile = { authScheme: "OAUTH2", clientId: service.id, signing: { rotationMode: "AUTO" } };
    await source.ask("POST", `${connection}?activate=true`, { profile });
    await source.ask("PUT", `/api/v1/apps/${app.id}/features/USER_PROVISIONING`, { create: { lifecycleCreate: { status: "ENABLED" } } });
    return Object.assign(new Provisioning(), { lab, source, target, service, app, keys: `${connection}/jwks` });
  }

  /** Gives somebody of acme the app, which pushes them; the answer comes when the push has ended. */
  async assign(login) {
    const { id } = await this.source.ask("GET", `/api/v1/users/${login}`);
    return this.source.ask("POST", `/api/v1/apps/${this.app.id}/users`, { id, scope: "USER" });
  }

  /** The assignment as the source has it: { syncState, externalId, status … }. */
  async assigned(login) {
    const { id } = await this.source.ask("GET", `/api/v1/users/${login}`);
    return this.source.ask("GET", `/api/v1/apps/${this.app.id}/users/${id}`);
  }

  /** The person in the target; none when nobody has the name there. */
  async pushed(login) {
    const [found] = await this.target.ask("GET", `/api/v1/users?filter=${encodeURIComponent(`profile.login eq "${login}"`)}`);
    return found;
  }

  /** `eventType: reason` of what failed in the source's System Log. */
  async failures() {
    const events = await this.source.ask("GET", "/api/v1/logs?limit=1000");
    return events.filter(({ outcome }) => outcome.result === "FAILURE").map(({ eventType, outcome }) => `${eventType}: ${outcome.reason}`);
  }
}
