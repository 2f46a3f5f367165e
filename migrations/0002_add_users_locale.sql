-- BCP 47, as in Cognito's standard attribute of that name: "en-GB".
ALTER TABLE users ADD COLUMN locale VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER name;
