/** Who is in the practice, their roles and its rules: asked of the practice each time, kept nowhere. It knows no keys. */
import type { DataChoice, Person, PracticeRole } from '$lib/api';
import type { Core } from './core';
import { learnMe } from './own-keys';
import type { People, PersonView, PolicyView, RoleView } from './types';

export function peopleOf(core: Core): People {
  const { api } = core;
  return {
    attest: async () => {
      await api.attest();
      await learnMe(core);
    },
    list: async () => (await api.people()).people.map(personView),
    giveRole: (person, role) => api.giveRole(person, role),
    suspend: (person) => api.suspend(person),
    reinstate: (person) => api.reinstate(person),
    close: (person, data: DataChoice) => api.closeAccount(person, data),
    endSessions: (person) => api.endSessionsOf(person),
    resetFactors: (person) => api.resetFactors(person),
    roles: async () => {
      const { roles, grantable } = await api.roles();
      return { roles: roles.map(roleView), grantable };
    },
    makeRole: async (name, rights) => roleView(await api.makeRole({ name, rights: [...rights] })),
    changeRole: async (role, name, rights) => roleView(await api.changeRole(role, { name, rights: [...rights] })),
    removeRole: (role) => api.removeRole(role),
    policy: async () => policyView(await api.policy()),
    setPolicy: (policy) =>
      api.setPolicy({
        second_factor: policy.secondFactor, profile: policy.profile, single_session: policy.singleSession,
        inactive_days: policy.inactiveDays, inactive_clients: policy.inactiveClients, review_days: policy.reviewDays,
      }),
  };
}

function personView(seen: Person): PersonView {
  const { person, name, email, role, rights, state, sessions, manageable } = seen;
  return {
    person, name, email, role, rights, state, sessions, manageable,
    roleName: seen.role_name,
    since: seen.state_since,
    why: seen.suspended_why,
    joinedAt: seen.created_at,
    visitedAt: seen.visited_at,
    reviewedAt: seen.reviewed_at,
    second: { passkeys: seen.second_factor.passkeys, totp: seen.second_factor.totp, keys: seen.second_factor.keys, recoveryLeft: seen.second_factor.recovery_left },
  };
}

function roleView({ role, name, rights, built_in: builtIn, people, givable }: PracticeRole): RoleView {
  return { role, name, rights, builtIn, people, givable };
}

function policyView(policy: Awaited<ReturnType<Core['api']['policy']>>): PolicyView {
  return {
    secondFactor: policy.second_factor, profile: policy.profile, singleSession: policy.single_session,
    inactiveDays: policy.inactive_days, inactiveClients: policy.inactive_clients, reviewDays: policy.review_days,
  };
}
