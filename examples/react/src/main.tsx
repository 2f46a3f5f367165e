import { Authenticator } from "@aws-amplify/ui-react";
import "@aws-amplify/ui-react/styles.css";
import { Amplify } from "aws-amplify";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { connect } from "./api.ts";
import { ProfilePage } from "./ProfilePage.tsx";
import { readSettings } from "./settings.ts";

const settings = readSettings(import.meta.env);
const api = connect(settings.apiUrl);

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: settings.userPoolId,
      userPoolClientId: settings.clientId,
      userPoolEndpoint: settings.cognitoEndpoint,
      loginWith: { email: true },
    },
  },
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Authenticator signUpAttributes={["name"]}>
      {({ signOut }) => <ProfilePage api={api} onSignOut={() => signOut?.()} />}
    </Authenticator>
  </StrictMode>,
);
