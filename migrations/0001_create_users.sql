-- One row for each user of the Cognito pool. Everything is compared exactly (utf8mb4_bin): case rules are in
-- lib/users, the same on MariaDB and MySQL. An e-mail may occur twice: see lib/users.
CREATE TABLE users (
    sub        CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Cognito''s id of the user',
    email      VARCHAR(254) NULL COMMENT 'as Cognito gave it',
    email_key  VARCHAR(508) NULL COMMENT 'the e-mail in the form that is searched for',
    name       VARCHAR(2048) NULL,
    created_at DATETIME(6)  NOT NULL,
    updated_at DATETIME(6)  NOT NULL,
    deleted_at DATETIME(6)  NULL COMMENT 'marked deleted; the row is removed some days later',
    PRIMARY KEY (sub),
    KEY users_by_creation (created_at, sub),
    KEY users_by_deletion (deleted_at),
    KEY users_by_email (email_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
