import { Alert, Button, Card, Flex, Heading, Loader, Text, TextField } from "@aws-amplify/ui-react";
import { type FormEvent, useEffect, useState } from "react";

import type { Api, Profile } from "./api.ts";

interface Properties {
  api: Api;
  onSignOut: () => void;
}

/** The profile of whoever is signed in, and a form for the name. */
export function ProfilePage({ api, onSignOut }: Properties) {
  const [profile, setProfile] = useState<Profile>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const leaving = new AbortController();
    api.getProfile(leaving.signal).then(setProfile, (error: Error) => {
      if (!leaving.signal.aborted) setProblem(error.message);
    });
    return () => leaving.abort();
  }, [api]);

  async function saveName(name: string) {
    try {
      setProfile(await api.changeProfile({ name }));
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  }

  return (
    <Card variation="elevated" maxWidth="30rem" margin="2rem auto">
      <Flex direction="column">
        <Heading level={3}>{profile?.name ?? "Your profile"}</Heading>
        {problem && <Alert variation="error">{problem}</Alert>}
        {!profile && !problem && <Loader />}
        {profile && <Text>{profile.email}</Text>}
        {profile && <NameForm key={profile.updated_at} name={profile.name ?? ""} onSave={saveName} />}
        <Button onClick={onSignOut}>Sign out</Button>
      </Flex>
    </Card>
  );
}

interface NameFormProperties {
  name: string;
  onSave: (name: string) => Promise<void>;
}

function NameForm({ name, onSave }: NameFormProperties) {
  const [saving, setSaving] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setSaving(true);
    await onSave(String(new FormData(event.currentTarget).get("name")));
    setSaving(false);
  }

  return (
    <form onSubmit={submit}>
      <Flex alignItems="flex-end">
        <TextField label="Name" name="name" defaultValue={name} flex="1" required />
        <Button type="submit" variation="primary" isLoading={saving}>
          Save
        </Button>
      </Flex>
    </form>
  );
}
