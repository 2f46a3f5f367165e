// The API, called with the access token of whoever is signed in.

import { fetchAuthSession } from "aws-amplify/auth";

export interface Profile {
  id: string;
  email: string | null;
  name: string | null;
  locale: string | null;
  created_at: string;
  updated_at: string;
}

export type Changes = Partial<Pick<Profile, "name" | "locale">>;

export interface Api {
  getProfile(signal?: AbortSignal): Promise<Profile>;
  changeProfile(changes: Changes): Promise<Profile>;
}

/** The API at a URL. Its methods throw an Error with the problem's detail (RFC 9457) when it refuses. */
export function connect(url: string): Api {
  async function call(method: string, body?: Changes, signal?: AbortSignal): Promise<Profile> {
    // Amplify gets new tokens by itself when these have expired.
    const { tokens } = await fetchAuthSession();
    const headers = new Headers({ authorization: `Bearer ${tokens?.accessToken}` });
    if (body) headers.set("content-type", "application/json");
    const response = await fetch(`${url}/me`, { method, headers, signal, body: body && JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? answer.message ?? response.statusText);
    return answer;
  }
  return {
    getProfile: (signal) => call("GET", undefined, signal),
    changeProfile: (changes) => call("PATCH", changes),
  };
}
