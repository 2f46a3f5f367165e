import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

import { readSettings } from "./src/settings.ts";

export default defineConfig(({ mode }) => {
  readSettings(loadEnv(mode, ".")); // a missing line is an error here, not a blank page
  return {
    plugins: [react()],
    build: { chunkSizeWarningLimit: 1000 }, // Amplify and its Authenticator are most of it
  };
});
