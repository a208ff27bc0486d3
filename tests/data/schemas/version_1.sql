PRAGMA application_id = 1229870660;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE account_events (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        state TEXT NOT NULL,
        until INTEGER,
        note TEXT NOT NULL
    );
CREATE TABLE accounts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        telegram_id INTEGER NOT NULL UNIQUE,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        username TEXT,
        phone TEXT NOT NULL,
        state TEXT NOT NULL,
        until INTEGER,
        note TEXT NOT NULL DEFAULT '',
        added_at INTEGER NOT NULL,
        removed_at INTEGER
    );
INSERT INTO "accounts" VALUES(1,700,'Anna','',NULL,'+79990000001','ready',NULL,'',1,NULL);
CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task_id INTEGER NOT NULL REFERENCES tasks(id),
        target_id INTEGER NOT NULL REFERENCES targets(id),
        person_id INTEGER NOT NULL REFERENCES people(id),
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        action TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        random_id INTEGER NOT NULL,
        ended_at INTEGER,
        outcome TEXT,
        detail TEXT NOT NULL DEFAULT '',
        wait_seconds INTEGER NOT NULL DEFAULT 0,
        CHECK ((outcome IS NULL) = (ended_at IS NULL))
    );
INSERT INTO "attempts" VALUES(1,1,1,1,1,'invite',1,0,2,'invited','',0);
CREATE TABLE audience_people (
        audience_id INTEGER NOT NULL REFERENCES audiences(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        person_id INTEGER NOT NULL REFERENCES people(id),
        import_id INTEGER NOT NULL REFERENCES imports(id),
        consent_date TEXT,
        PRIMARY KEY (audience_id, position)
    ) WITHOUT ROWID
    ;
INSERT INTO "audience_people" VALUES(1,1,1,1,NULL);
INSERT INTO "audience_people" VALUES(1,2,2,1,'2025-05-17');
CREATE TABLE audiences (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        basis TEXT NOT NULL,
        source TEXT NOT NULL,
        created_at INTEGER NOT NULL
    );
INSERT INTO "audiences" VALUES(1,'Guests','team','guests.csv',1);
CREATE TABLE do_not_contact (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (kind, value)
    );
INSERT INTO "do_not_contact" VALUES(1,'username','clara','stop',7);
INSERT INTO "do_not_contact" VALUES(2,'phone','+79001234568','stop',7);
INSERT INTO "do_not_contact" VALUES(3,'username','diana','stop',8);
CREATE TABLE import_invalid_rows (
        id INTEGER PRIMARY KEY,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        content TEXT NOT NULL,
        problem TEXT NOT NULL
    );
CREATE TABLE imports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        audience_id INTEGER NOT NULL REFERENCES audiences(id),
        fingerprint TEXT NOT NULL,
        source TEXT NOT NULL,
        files TEXT NOT NULL,
        finished_at INTEGER NOT NULL,
        read INTEGER NOT NULL,
        new INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        duplicate INTEGER NOT NULL,
        invalid INTEGER NOT NULL,
        opted_out INTEGER NOT NULL,
        by_username INTEGER NOT NULL,
        by_phone INTEGER NOT NULL,
        by_id INTEGER NOT NULL,
        undone_at INTEGER
    );
INSERT INTO "imports" VALUES(1,1,'f','guests.csv','["guests.csv"]',1,2,2,0,0,0,0,2,0,0,NULL);
INSERT INTO "imports" VALUES(2,1,'g','guests.csv','["guests.csv"]',1,1,0,0,1,0,0,1,0,0,5);
CREATE TABLE merged_people (
        old_id INTEGER PRIMARY KEY,
        person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE
    );
CREATE TABLE other_keys (
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
        PRIMARY KEY (kind, value)
    ) WITHOUT ROWID
    ;
CREATE TABLE peers (
        account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
        person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL,
        access_hash INTEGER NOT NULL,
        PRIMARY KEY (account_id, person_id)
    ) WITHOUT ROWID
    ;
CREATE TABLE people (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        username TEXT,
        username_key TEXT UNIQUE,
        phone TEXT UNIQUE,
        telegram_id INTEGER UNIQUE,
        full_name TEXT NOT NULL DEFAULT '',
        first_name TEXT NOT NULL DEFAULT '',
        last_name TEXT NOT NULL DEFAULT '',
        extra TEXT NOT NULL DEFAULT '{}',
        created_at INTEGER NOT NULL
    );
INSERT INTO "people" VALUES(1,'Anna_K','anna_k','+79001234567',42,'Анна','','','{"город":"Тверь"}',1);
INSERT INTO "people" VALUES(2,'boris_b','boris_b',NULL,NULL,'','','','{}',1);
CREATE TABLE targets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task_id INTEGER NOT NULL REFERENCES tasks(id),
        person_id INTEGER NOT NULL REFERENCES people(id),
        position INTEGER NOT NULL,
        state TEXT NOT NULL,
        outcome TEXT,
        detail TEXT NOT NULL DEFAULT '',
        random_id INTEGER NOT NULL CHECK (random_id > 0),
        claimed_by INTEGER REFERENCES accounts(id),
        account_id INTEGER REFERENCES accounts(id),
        changed_at INTEGER,
        unable_accounts INTEGER NOT NULL DEFAULT 0,
        repeat_after INTEGER NOT NULL DEFAULT 0,
        verified INTEGER NOT NULL DEFAULT 0,
        CHECK ((state = 'in_work') = (claimed_by IS NOT NULL)),
        CHECK ((state IN ('pending', 'in_work')) = (outcome IS NULL))
    );
INSERT INTO "targets" VALUES(1,1,1,1,'invited','invited','',9,NULL,1,2,0,0,0);
CREATE TABLE task_counters (
        task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
        state TEXT NOT NULL,
        outcome TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count >= 0),
        PRIMARY KEY (task_id, state, outcome)
    ) WITHOUT ROWID
    ;
INSERT INTO "task_counters" VALUES(1,'invited','invited',1);
CREATE TABLE tasks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        audience_id INTEGER NOT NULL REFERENCES audiences(id),
        chat_id INTEGER,
        chat_title TEXT NOT NULL DEFAULT '',
        chat_kind TEXT NOT NULL DEFAULT '',
        chat_address TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL,
        priority INTEGER NOT NULL,
        status TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        detail TEXT NOT NULL DEFAULT '',
        until INTEGER,
        link TEXT NOT NULL DEFAULT '',
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER
    );
INSERT INTO "tasks" VALUES(1,'Invitations','invite',1,55,'Football','supergroup','@football','',0,'completed','','',NULL,'',1,1,2);
CREATE TABLE unable_accounts (
        target_id INTEGER NOT NULL REFERENCES targets(id) ON DELETE CASCADE,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        PRIMARY KEY (target_id, account_id)
    ) WITHOUT ROWID
    ;
CREATE INDEX other_keys_person ON other_keys(person_id);
CREATE INDEX merged_people_person ON merged_people(person_id);
CREATE INDEX imports_fingerprint ON imports(fingerprint);
CREATE INDEX imports_audience ON imports(audience_id);
CREATE INDEX import_invalid_rows_import ON import_invalid_rows(import_id);
CREATE UNIQUE INDEX audience_people_person ON audience_people(person_id, audience_id);
CREATE INDEX account_events_account ON account_events(account_id);
CREATE INDEX tasks_chat ON tasks(chat_id);
CREATE INDEX tasks_audience ON tasks(audience_id);
CREATE UNIQUE INDEX targets_person ON targets(person_id, task_id);
CREATE INDEX targets_page ON targets(task_id, position);
CREATE INDEX targets_next ON targets(task_id, unable_accounts, position)
    WHERE state = 'pending'
    ;
CREATE INDEX targets_in_work ON targets(claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX targets_ended ON targets(task_id, changed_at)
    WHERE state NOT IN ('pending', 'in_work')
    ;
CREATE UNIQUE INDEX attempts_contact_in_flight ON attempts(target_id)
    WHERE outcome IS NULL AND action IN ('invite', 'message')
    ;
CREATE INDEX attempts_other_in_flight ON attempts(target_id)
    WHERE outcome IS NULL AND action NOT IN ('invite', 'message')
    ;
CREATE INDEX attempts_target ON attempts(target_id);
CREATE INDEX attempts_person ON attempts(person_id);
CREATE INDEX attempts_task ON attempts(task_id);
CREATE INDEX attempts_pace ON attempts(account_id, started_at, action);
CREATE INDEX attempts_trouble ON attempts(account_id, ended_at)
    WHERE outcome IN ('flood_wait', 'peer_flood')
    ;
CREATE INDEX peers_person ON peers(person_id);
CREATE INDEX peers_user ON peers(user_id);
CREATE VIEW person_keys AS
    SELECT id AS person_id, 'username' AS kind, username_key AS value FROM people
    WHERE username_key IS NOT NULL
    UNION ALL SELECT id, 'phone', phone FROM people WHERE phone IS NOT NULL
    UNION ALL SELECT id, 'telegram_id', CAST(telegram_id AS TEXT) FROM people
    WHERE telegram_id IS NOT NULL
    UNION ALL SELECT person_id, kind, value FROM other_keys
    UNION ALL SELECT person_id, 'telegram_id', CAST(user_id AS TEXT) FROM peers;
CREATE VIEW opted_out_people AS
    SELECT p.id AS person_id FROM do_not_contact d CROSS JOIN people p ON p.username_key = d.value
    WHERE d.kind = 'username'
    UNION SELECT p.id FROM do_not_contact d CROSS JOIN people p ON p.phone = d.value
    WHERE d.kind = 'phone'
    UNION SELECT p.id FROM do_not_contact d
    CROSS JOIN people p ON p.telegram_id = CAST(d.value AS INTEGER) WHERE d.kind = 'telegram_id'
    UNION SELECT k.person_id FROM do_not_contact d
    CROSS JOIN other_keys k ON k.kind = d.kind AND k.value = d.value
    UNION SELECT r.person_id FROM do_not_contact d
    CROSS JOIN peers r ON r.user_id = CAST(d.value AS INTEGER) WHERE d.kind = 'telegram_id';
CREATE VIEW known_in_chat AS
    SELECT k.chat_id, t.person_id, t.id AS target_id, t.outcome, t.state = 'skipped' AS refused
    FROM tasks k JOIN targets t ON t.task_id = k.id
    WHERE t.state NOT IN ('pending', 'in_work') AND (
        t.state IN ('invited', 'joined', 'already_member', 'uncertain')
        OR t.state = 'skipped' AND t.outcome NOT IN ('opted_out', 'already_invited')
    );
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('audiences',1);
INSERT INTO "sqlite_sequence" VALUES('people',2);
INSERT INTO "sqlite_sequence" VALUES('imports',2);
INSERT INTO "sqlite_sequence" VALUES('accounts',1);
INSERT INTO "sqlite_sequence" VALUES('tasks',1);
INSERT INTO "sqlite_sequence" VALUES('targets',1);
INSERT INTO "sqlite_sequence" VALUES('attempts',1);
COMMIT;
