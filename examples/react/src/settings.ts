// Where the API and the user pool are: lines of .env.local, as `invoke up` prints them.

export interface Settings {
  apiUrl: string;
  /** It begins with its region, which Amplify takes from it. */
  userPoolId: string;
  clientId: string;
  /** Only locally; without it, the pool is where AWS has it. */
  cognitoEndpoint: string | undefined;
}

/** Throws an Error that names every line that is missing. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const missing: string[] = [];
  const required = (name: string): string => {
    const value = environment[name];
    if (!value) missing.push(name);
    return value ?? "";
  };
  const settings = {
    apiUrl: required("VITE_API_URL").replace(/\/$/, ""),
    userPoolId: required("VITE_USER_POOL_ID"),
    clientId: required("VITE_CLIENT_ID"),
    cognitoEndpoint: environment.VITE_COGNITO_ENDPOINT || undefined,
  };
  if (missing.length > 0) {
    throw new Error(`.env.local lacks ${missing.join(", ")}; \`./inv status\` prints its lines`);
  }
  return settings;
}
