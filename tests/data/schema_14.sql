-- A database of Visnyk's first chapters (schema 14), in the middle of everything. Made by running commit f92327b over
-- the sandbox: two people at the desk, 40 and 3 readers. #1 is out; #2 is out, and nobody knows whether its post is in
-- the Telegram channel; #3 is on its way to 40 readers (1 has it, 19 are reserved, 20 untouched); #4 is approved for
-- 18:30; #5 waits for approval; #6 counts down; #7 is a draft that one person edits while the other writes an article.
-- An answer waits for its chat, two pieces of news are not told, a new reader's /start is not handled.
BEGIN TRANSACTION;
CREATE TABLE approval (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    version INTEGER NOT NULL,
    binding TEXT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES member (id),
    address TEXT NOT NULL,             -- platform:id that the button was pressed from
    at INTEGER NOT NULL,
    ticks TEXT NOT NULL,               -- JSON list: what of the checklist was ticked
    voided_at INTEGER,
    why TEXT                           -- changed returned rejected cancelled removed role linked
) STRICT;
INSERT INTO "approval" VALUES(1,1,1,'785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e',2,'viber:b3duZXItb3duZXItb3duZQ==',1795518000000,'[]',NULL,NULL);
INSERT INTO "approval" VALUES(2,2,1,'a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0',2,'viber:b3duZXItb3duZXItb3duZQ==',1795518000000,'[]',NULL,NULL);
INSERT INTO "approval" VALUES(3,3,1,'5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c',2,'viber:b3duZXItb3duZXItb3duZQ==',1795518000000,'[]',NULL,NULL);
INSERT INTO "approval" VALUES(4,6,1,'6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f',2,'viber:b3duZXItb3duZXItb3duZQ==',1795518000000,'[]',NULL,NULL);
INSERT INTO "approval" VALUES(5,4,1,'cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230',2,'viber:b3duZXItb3duZXItb3duZQ==',1795518902000,'[]',NULL,NULL);
CREATE TABLE article (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,               -- draft queued held published cancelled
    version INTEGER NOT NULL,
    due_at INTEGER,
    published_at INTEGER,
    author TEXT NOT NULL,              -- platform:id
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
, not_before INTEGER, expires_at INTEGER, paid INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "article" VALUES(1,'published',1,NULL,1795518031000,'telegram:1001',1795518000000,1795518031000,NULL,NULL,0);
INSERT INTO "article" VALUES(2,'published',1,NULL,1795518482000,'telegram:1001',1795518000000,1795518482000,NULL,NULL,0);
INSERT INTO "article" VALUES(3,'published',1,NULL,1795518933000,'telegram:1001',1795518000000,1795518933000,NULL,NULL,0);
INSERT INTO "article" VALUES(4,'queued',1,1795537800000,NULL,'telegram:1001',1795518000000,1795518902000,NULL,NULL,0);
INSERT INTO "article" VALUES(5,'submitted',1,NULL,NULL,'telegram:1001',1795518000000,1795518902000,NULL,NULL,0);
INSERT INTO "article" VALUES(6,'counting',1,1795518963000,NULL,'telegram:1001',1795518000000,1795518933000,NULL,NULL,0);
INSERT INTO "article" VALUES(7,'draft',1,NULL,NULL,'telegram:1001',1795518000000,1795518000000,NULL,NULL,0);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,               -- platform:id, person:3, or visnyk
    act TEXT NOT NULL,                 -- article.published, halt.set, button.refused …
    subject TEXT NOT NULL,             -- article:12, person:3, or empty
    detail TEXT NOT NULL,              -- canonical JSON
    hash TEXT NOT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,1795518000000,'system','team.owner','person:1','{"address":"telegram:1001"}','db8023c71fe123e99b1b96c4edfdec2c35b393d14298c8ed24178826d75a3150');
INSERT INTO "audit" VALUES(2,1795518000000,'system','team.owner','person:2','{"address":"viber:b3duZXItb3duZXItb3duZQ=="}','c852b73d515b22334273c8328d74dff24c19c5e73225d10d6797d2762f3b865e');
INSERT INTO "audit" VALUES(3,1795518000000,'person:1','article.drafted','article:1','{"sha256":"85912640ad6d5f2aae6dde56463a0146805783ee1d855b9a70ff564919657b54","version":1}','5640325eb1ccde6df7679a338f121a8a76b82f05ed442998abf9551ed05f91b0');
INSERT INTO "audit" VALUES(4,1795518000000,'person:1','article.drafted','article:2','{"sha256":"2c8a1c0007e65d6277626f97cf09df802a7044cca8984e14aaeeaf4112cffded","version":1}','db5dfa76358eadae7546ad789a28b17a43ee5b332e79ebaa2d90cfbaf3b6af9d');
INSERT INTO "audit" VALUES(5,1795518000000,'person:1','article.drafted','article:3','{"sha256":"bedb5b091aa65aeafaee757f46b99c3602809c26be539ea5da79a75c115e9fc5","version":1}','3ced076cb966b91edf8a0f176e68b8e8ba72574eedaa53f674d10a227e20ed84');
INSERT INTO "audit" VALUES(6,1795518000000,'person:1','article.drafted','article:4','{"sha256":"9080d5f7ab90dac490fc17b5b529479914fb0cd73117f7d4f64bceec25deb90e","version":1}','0faac99dc04bb29fce906da35f7f79f242b98965a1d4a1993e522a5d795c7930');
INSERT INTO "audit" VALUES(7,1795518000000,'person:1','article.drafted','article:5','{"sha256":"d41cdff5356bc02a7a6eb601aa056bba29a2d23d81726aed495b6861e2897a87","version":1}','78f9be370579397f600baa75c60b9b097092fe82b7970b0f0c62831e2bca6d4e');
INSERT INTO "audit" VALUES(8,1795518000000,'person:1','article.drafted','article:6','{"sha256":"76f516ca2a2d65d771d288e8ba68a93caa22da293a77f8989ea8fd1c6a38353f","version":1}','48414507c44d35fa1faf5e3abb7f85d85abd4dc0de7ea3c0f17bed457e3cb40a');
INSERT INTO "audit" VALUES(9,1795518000000,'person:1','article.drafted','article:7','{"sha256":"ebb901448f814f12b91aedd408d94492310574ca4338f8354cb81e4f9d218b62","version":1}','abef135840b8df860a864b0a1173c4737523058f508b2e6eccf06e85b570a128');
INSERT INTO "audit" VALUES(10,1795518000000,'person:1','article.submitted','article:1','{"binding":"785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e","sha256":"85912640ad6d5f2aae6dde56463a0146805783ee1d855b9a70ff564919657b54","version":1}','40af80781a01731683b47d97f813edbb54cc2b2682cf8ced8b986dc4b32c3fec');
INSERT INTO "audit" VALUES(11,1795518000000,'person:2','article.approved','article:1','{"binding":"785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e","missing":0,"sha256":"85912640ad6d5f2aae6dde56463a0146805783ee1d855b9a70ff564919657b54","version":1}','7ebf8478cf2904bb89074a6f85baf2b1bb00dc59bfbfabf8ab51f820ad4db374');
INSERT INTO "audit" VALUES(12,1795518000000,'person:1','article.submitted','article:2','{"binding":"a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0","sha256":"2c8a1c0007e65d6277626f97cf09df802a7044cca8984e14aaeeaf4112cffded","version":1}','d7836639fc5a99226347aa884c1347601d297598a0d4f0ac1167eb9a5d3314f0');
INSERT INTO "audit" VALUES(13,1795518000000,'person:2','article.approved','article:2','{"binding":"a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0","missing":0,"sha256":"2c8a1c0007e65d6277626f97cf09df802a7044cca8984e14aaeeaf4112cffded","version":1}','10e7652ff7bc407edcf224569668dba064b755904d0b64bd5ac927637a1bece5');
INSERT INTO "audit" VALUES(14,1795518000000,'person:1','article.submitted','article:3','{"binding":"5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c","sha256":"bedb5b091aa65aeafaee757f46b99c3602809c26be539ea5da79a75c115e9fc5","version":1}','55cecbf757478495e169db237af2e8f3f07ab2a1e75ac293f1b6774b668b191b');
INSERT INTO "audit" VALUES(15,1795518000000,'person:2','article.approved','article:3','{"binding":"5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c","missing":0,"sha256":"bedb5b091aa65aeafaee757f46b99c3602809c26be539ea5da79a75c115e9fc5","version":1}','1d2aaf6df5713e2003629c68986c7a2e769092d96bde1b09e11baead4fd1cdd0');
INSERT INTO "audit" VALUES(16,1795518000000,'person:1','article.submitted','article:6','{"binding":"6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f","sha256":"76f516ca2a2d65d771d288e8ba68a93caa22da293a77f8989ea8fd1c6a38353f","version":1}','f09096f9d015aea90553fac642ec42145bd9b1f1d2182cdc3a620c90dcb5b4d4');
INSERT INTO "audit" VALUES(17,1795518000000,'person:2','article.approved','article:6','{"binding":"6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f","missing":0,"sha256":"76f516ca2a2d65d771d288e8ba68a93caa22da293a77f8989ea8fd1c6a38353f","version":1}','4b220d9bd25e3658ee10337d5dd3ad9d09b4c900fe579b0820f8bb6d770748d8');
INSERT INTO "audit" VALUES(18,1795518000000,'person:1','article.counting','article:1','{"sha256":"85912640ad6d5f2aae6dde56463a0146805783ee1d855b9a70ff564919657b54","version":1}','5d9f257db3b96779f05be33fa99169629b2f9f1ccd69f0a166100117b51c21f6');
INSERT INTO "audit" VALUES(19,1795518031000,'person:1','article.published','article:1','{"outlets":["main","viber","telegram","viber"],"sha256":"85912640ad6d5f2aae6dde56463a0146805783ee1d855b9a70ff564919657b54","version":1}','566dfb393ffa0e3c38b9a3518fb7134bcfcc5dfa5296cfd383beecd79000a270');
INSERT INTO "audit" VALUES(20,1795518451000,'person:1','article.counting','article:2','{"sha256":"2c8a1c0007e65d6277626f97cf09df802a7044cca8984e14aaeeaf4112cffded","version":1}','a7e1117b90d2d1294f29b9801a4ef9e3147031ef5668a13abb14a032599b5dfe');
INSERT INTO "audit" VALUES(21,1795518482000,'person:1','article.published','article:2','{"outlets":["main","viber","telegram","viber"],"sha256":"2c8a1c0007e65d6277626f97cf09df802a7044cca8984e14aaeeaf4112cffded","version":1}','82f2e460b764d92060712bf40ddf1e2059836ee64151775afec8de27b70359e9');
INSERT INTO "audit" VALUES(22,1795518902000,'person:1','article.scheduled','article:4','{"due":"2026-11-24T16:30:00+00:00","sha256":"9080d5f7ab90dac490fc17b5b529479914fb0cd73117f7d4f64bceec25deb90e","version":1}','7f5c5c12172770e8cbfe650360b13159df7f1f1aa59e4b905a69259c78482e8b');
INSERT INTO "audit" VALUES(23,1795518902000,'person:1','article.submitted','article:4','{"binding":"cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230","sha256":"9080d5f7ab90dac490fc17b5b529479914fb0cd73117f7d4f64bceec25deb90e","version":1}','6064e8dce4a2a1faf4886814981930757e71949bfc69aca7165bfbe939a37bcd');
INSERT INTO "audit" VALUES(24,1795518902000,'person:2','article.approved','article:4','{"binding":"cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230","missing":0,"sha256":"9080d5f7ab90dac490fc17b5b529479914fb0cd73117f7d4f64bceec25deb90e","version":1}','3822991f23acdff5151a3cb795bae29cfd710071768f9d0414fff5fb8a397f1a');
INSERT INTO "audit" VALUES(25,1795518902000,'person:1','article.submitted','article:5','{"binding":"de3a665830b33f1a0dfbb6d659b88dccb34d011d0b315965b5ed3c8aad61adb2","sha256":"d41cdff5356bc02a7a6eb601aa056bba29a2d23d81726aed495b6861e2897a87","version":1}','0bf3f2e99c54a39146e00d1360db58781c682304afd38d3df2f100c6f6829bf8');
INSERT INTO "audit" VALUES(26,1795518902000,'person:1','article.counting','article:3','{"sha256":"bedb5b091aa65aeafaee757f46b99c3602809c26be539ea5da79a75c115e9fc5","version":1}','412f1eda9bd7857eb6a662a43a15174d01a717ecc707493d822197b594465ba0');
INSERT INTO "audit" VALUES(27,1795518933000,'person:1','article.published','article:3','{"outlets":["main","viber","telegram","viber"],"sha256":"bedb5b091aa65aeafaee757f46b99c3602809c26be539ea5da79a75c115e9fc5","version":1}','ceac6d9d5f3932ba9ab2f2a34efcf55a0585ded631b66a24e35d33e20afc1f16');
INSERT INTO "audit" VALUES(28,1795518933000,'person:2','article.counting','article:6','{"sha256":"76f516ca2a2d65d771d288e8ba68a93caa22da293a77f8989ea8fd1c6a38353f","version":1}','6044365df4b49f1eebf7ac6e1f767a0d8c4e42480a43e556d59f8a0bacd70624');
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO "audit_head" VALUES(1,28,'6044365df4b49f1eebf7ac6e1f767a0d8c4e42480a43e556d59f8a0bacd70624');
CREATE TABLE button (
    id TEXT PRIMARY KEY,
    action TEXT NOT NULL,
    args TEXT NOT NULL,                -- JSON
    chat TEXT NOT NULL,                -- platform:id of the one chat where it may be pressed
    expires_at INTEGER NOT NULL,
    used_at INTEGER
, member_id INTEGER, used_by TEXT, used_by_member INTEGER) STRICT;
INSERT INTO "button" VALUES('V-djpUa0UUrXHyOQoyWbaA','ask_time','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('KAbeoxfj5vbKsT2O6QJ3MQ','ask_edit','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('PZSKabNfUP02Yox6U8kuWg','next','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('wCqRKOGokdQZsIVIeAjq5Q','submit','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('wdSpdfjnMeuSjlyrtDvLgQ','cancel','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('syJje7bvqRurT3Px7psWEQ','ask_time','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('l3RpQey-RuLoRYB7QA9apg','ask_edit','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('fZmbEbb_7RxFKJYsNAfPiA','next','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('__H1nag55bY3pV41LtmdEw','submit','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('L5pRDNP1cTOXTDbIbiPS_Q','cancel','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('yT4nYzh8IEwgbgR1jXgF6g','ask_time','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('5kBT56l1_XbNRqXf7-VIYw','ask_edit','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('zQ2_qg3bujWV2Gif73AtBg','next','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('YWX_99g7FylMuRh1NYjTvg','submit','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('HVKExPfaWt_FtlvLcfwKOQ','cancel','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('2rcHY2Hhm-QX5NsVNk76VQ','ask_time','{"article": 4}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('r7akLeJ4mH0-p5z0hqxWKQ','ask_edit','{"article": 4}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('gfo4-NCoooJU8KIwgekZJA','next','{"article": 4}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('Lb7xxmR6O3ww9U_FVsgvUg','submit','{"article": 4}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('-fN-cok31cezm6Ct7GLz8Q','cancel','{"article": 4}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('6-QWGb1vSOXM6ex24UPXNw','ask_time','{"article": 5}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('fqXnUBHMKvNdviOdiQ4INw','ask_edit','{"article": 5}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('iZngtfX_6OO660QKwed58A','next','{"article": 5}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('d_bnyQdB44cdgFdqDWy6aw','submit','{"article": 5}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('3F3-GzFJsVpaKTfXUcQk5g','cancel','{"article": 5}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('oKqgzv72t5RfvDFauyWFkQ','ask_time','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('7RShjZ19ykZ6mONo2OXGBA','ask_edit','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('S0DM2pp9mZAH5ZQSIebvMQ','next','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('CNIYU32-QB2T3cwiPIBc9Q','submit','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('Cqj_0XPrxX7w-cdcJd8Qog','cancel','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('khf7f_cU-btcvVDiyVzXFQ','ask_time','{"article": 7}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('DCDWTQq-kQ6xgGqvrKtpiA','ask_edit','{"article": 7}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('QntR0yJKgBczrz86VrlqPA','next','{"article": 7}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('d_M9c-HHN93s1uwhUEYG4g','submit','{"article": 7}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('RrtSe1FtKZJ--L24v5BHzA','cancel','{"article": 7}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('j3BNcZFxnqSiYKyVNLxioA','approve','{"article": 1, "binding": "785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,1795518000000,NULL,'viber:b3duZXItb3duZXItb3duZQ==',2);
INSERT INTO "button" VALUES('AKIG5pRmvvbRdrdsYXnpHA','ask_changes','{"article": 1, "binding": "785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('k29ptHLEvUaoX9YecX-Wfg','later','{"article": 1, "binding": "785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('E7JRu5Fs5zvjqycWQD0xsA','reject','{"article": 1, "binding": "785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('vQHmvlMJ67aMteoNqCV8KA','ask_time','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('Zmfz2v-QvIg4OcuL-9zw3Q','ask_edit','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('QpCM9PUXO_PIZ4WaqSMWJA','next','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('PsYtTJccSPJAa3r8MKhgJg','now','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('RzRw8o0rp7M8tbZTeU_3Xw','cancel','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('w-3J-cjEPcVIGrhd_ikyvw','approve','{"article": 2, "binding": "a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,1795518000000,NULL,'viber:b3duZXItb3duZXItb3duZQ==',2);
INSERT INTO "button" VALUES('1cWPytDJDmvSnDqHWPjifQ','ask_changes','{"article": 2, "binding": "a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('3BYyo2Rp2I1ZPmn6TgOZHg','later','{"article": 2, "binding": "a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('w9qjMIg82NLtrIl8Xc3Z9Q','reject','{"article": 2, "binding": "a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('azEFGPSAUAVurOFcFizBIA','ask_time','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('Bm06WjtSixzurcLn4I5l3w','ask_edit','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('9Ac19CThRE8E4vR7KDJRIA','next','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('x02zuRYkfRrGlCq7afFE9Q','now','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('M1x1Q0NYVVFVaZcgT3AW8A','cancel','{"article": 2}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('6Bi8ON0dumARGxq4eIYa5w','approve','{"article": 3, "binding": "5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,1795518000000,NULL,'viber:b3duZXItb3duZXItb3duZQ==',2);
INSERT INTO "button" VALUES('m0LJniZitDs3NO48gvy_Fw','ask_changes','{"article": 3, "binding": "5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('ird2b9W8OSW_S_FXWXT-Pw','later','{"article": 3, "binding": "5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('R1Q5YQdOqn1XFl97MZV0Fw','reject','{"article": 3, "binding": "5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('Lt55syBdsP7tBo2RwXD7Jg','ask_time','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('xSELu7hJwIMGkt_LdZZX9g','ask_edit','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('FysVmCfzHf_bzV-NclzDfQ','next','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('D94pgwOHswbUvflYGKOCew','now','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('knBH8BysnJbtCVB_M4iDCQ','cancel','{"article": 3}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('p-IawxUG-uxZGYf1RX3e_Q','approve','{"article": 6, "binding": "6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,1795518000000,NULL,'viber:b3duZXItb3duZXItb3duZQ==',2);
INSERT INTO "button" VALUES('WgyJ8WdCRK6yAApHF10jPg','ask_changes','{"article": 6, "binding": "6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('9sKZ0pAtv-baD7845D4sZQ','later','{"article": 6, "binding": "6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('4ZeWVYYu2PiRV-0-UZPGBw','reject','{"article": 6, "binding": "6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f"}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('1t3C5VSr8FdXLxSf6aWzRA','ask_time','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('n_gYX3hokQA23PX7xw1YQg','ask_edit','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('-rWpPX0n9CnvYWcZqLC9PA','next','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('o-6GO0adOaPmBaoOjMCWEg','now','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('0dt-jb7XyvWsImo8aQi67g','cancel','{"article": 6}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('1jB7lsdW-ESmuIKxC1Ryzw','undo','{"article": 1}','telegram:1001',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('n9jjWacQcSC7UsqMTgH2oA','undo','{"article": 1}','viber:b3duZXItb3duZXItb3duZQ==',1796122800000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('-qXC5vpCwTr7aEp9y55SMA','undo','{"article": 2}','telegram:1001',1796123251000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('1EkiuTWokZ1ttvHsQw_q8w','undo','{"article": 2}','viber:b3duZXItb3duZXItb3duZQ==',1796123251000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('Aa3F8zygjfN_WTpH1j8UZg','appeared','{"dispatch": 5}','telegram:1001',1796123282000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('bD2z19CSKHBmeVmrgkUA9Q','post_again','{"dispatch": 5}','telegram:1001',1796123282000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('4RvQjyweWUFKPdaButSFew','appeared','{"dispatch": 5}','viber:b3duZXItb3duZXItb3duZQ==',1796123282000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('ufExfAG5nw7zMo_FusfsKA','post_again','{"dispatch": 5}','viber:b3duZXItb3duZXItb3duZQ==',1796123282000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('eUZSF8TCYcAZObHbHxBHlQ','submit','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('ZZ5Ecye1OKhhMQRlPSPqCg','ask_time','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('cmoohYk_1bJKabQBFR9q2w','cancel','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('267tS7zSRmwFbplfhQD00g','approve','{"article": 4, "binding": "cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,1795518902000,NULL,'viber:b3duZXItb3duZXItb3duZQ==',2);
INSERT INTO "button" VALUES('ki6eS7cDEZu3lX-FULbuIA','ask_changes','{"article": 4, "binding": "cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('CRMUOexJ_hugBX8kYbCL8A','later','{"article": 4, "binding": "cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('1CUucH6luIkNE3Xn2zMHrg','reject','{"article": 4, "binding": "cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('FiwwcGjHMWInDUjK2qLopQ','ask_time','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('QJeIQ8_z-NMwFDJ4T7V8NA','ask_edit','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('tQUtej42YASU8_C7Br22Bg','next','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('0OxZcnAFv1XRwKGmhGei1w','now','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('T5Qc9ZnleV25k1a1EuxFkA','cancel','{"article": 4}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('mSg1VX90lsT2_o_VtMGV9Q','approve','{"article": 5, "binding": "de3a665830b33f1a0dfbb6d659b88dccb34d011d0b315965b5ed3c8aad61adb2"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('T0BVO-B3VxzaSKZzol4cxQ','ask_changes','{"article": 5, "binding": "de3a665830b33f1a0dfbb6d659b88dccb34d011d0b315965b5ed3c8aad61adb2"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('J7k98EB3-oZVeiJZA3jomg','later','{"article": 5, "binding": "de3a665830b33f1a0dfbb6d659b88dccb34d011d0b315965b5ed3c8aad61adb2"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('J3TUakeOLynv2Txnye1ryA','reject','{"article": 5, "binding": "de3a665830b33f1a0dfbb6d659b88dccb34d011d0b315965b5ed3c8aad61adb2"}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('PL5BiiXZPYzK8N5p_up4BA','undo','{"article": 3}','telegram:1001',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('uBeUwlQtQElHLc1wQvQmzw','undo','{"article": 3}','viber:b3duZXItb3duZXItb3duZQ==',1796123702000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('O8_5X2LVWXKtZ0wFTiv4yg','undo','{"article": 6}','telegram:1001',1796123733000,NULL,NULL,NULL,NULL);
INSERT INTO "button" VALUES('Dq_CFYOpx41qLtZUTzLqxw','undo','{"article": 6}','viber:b3duZXItb3duZXItb3duZQ==',1796123733000,NULL,NULL,NULL,NULL);
CREATE TABLE countdown (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    person TEXT NOT NULL,              -- platform:id of who publishes it
    chat TEXT NOT NULL,                -- platform:id of where they said so
    was TEXT NOT NULL,                 -- its state before
    was_due_at INTEGER,
    begun_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    tick_at INTEGER NOT NULL,          -- when the message that counts is redrawn next
    ended TEXT,                        -- published stopped held; the row goes when everybody was told
    ended_by TEXT                      -- who stopped it, as the desk calls them
) STRICT;
INSERT INTO "countdown" VALUES(6,'viber:b3duZXItb3duZXItb3duZQ==','viber:b3duZXItb3duZXItb3duZQ==','submitted',NULL,1795518933000,1795518963000,1795518938000,NULL,NULL);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- changes reject
    member_id INTEGER NOT NULL REFERENCES member (id),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE dialogue (
    person TEXT PRIMARY KEY,           -- platform:id
    step TEXT NOT NULL,
    data TEXT NOT NULL,                -- JSON
    due_at INTEGER,                    -- when a pasted text is taken to be complete
    changed_at INTEGER NOT NULL
) STRICT;
INSERT INTO "dialogue" VALUES('telegram:1001','edit','{"article": 7, "card": 0, "version": 1}',NULL,1795518902000);
INSERT INTO "dialogue" VALUES('viber:b3duZXItb3duZXItb3duZQ==','article','{"media": null, "parts": []}',NULL,1795518933000);
CREATE TABLE dispatch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    platform TEXT NOT NULL,
    channel TEXT,                      -- the channel's key; NULL: the platform's readers
    state TEXT NOT NULL,               -- ready sending delivered in_doubt stopped (channel); running done stopped (readers)
    urgent INTEGER NOT NULL,
    silent INTEGER NOT NULL,
    plain INTEGER NOT NULL DEFAULT 0,  -- 1: the platform rejected the picture, the plainer form goes out
    policy TEXT NOT NULL,              -- hold resend: what happens to those in doubt
    audience INTEGER NOT NULL,         -- how many readers were counted in; 1 for a channel
    message_id INTEGER,
    link TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL, counting_from INTEGER, counting_to INTEGER, paid INTEGER NOT NULL DEFAULT 0,
    FOREIGN KEY (article_id, version) REFERENCES version (article_id, number)
) STRICT;
INSERT INTO "dispatch" VALUES(1,1,1,'telegram','main','delivered',0,0,0,'hold',1,1,'https://t.me/visnyk_news/1','',1,1795518031000,1795518031000,1795518031000,NULL,NULL,0);
INSERT INTO "dispatch" VALUES(2,1,1,'viber','viber','delivered',0,0,0,'hold',1,5741311803571721120,'','',1,1795518031000,1795518031000,1795518031000,NULL,NULL,0);
INSERT INTO "dispatch" VALUES(3,1,1,'telegram',NULL,'done',0,0,0,'hold',40,NULL,NULL,NULL,0,1795518031000,1795518031000,1795518031000,NULL,40,0);
INSERT INTO "dispatch" VALUES(4,1,1,'viber',NULL,'done',0,0,0,'hold',3,NULL,NULL,NULL,0,1795518031000,1795518031000,1795518031000,NULL,43,0);
INSERT INTO "dispatch" VALUES(5,2,1,'telegram','main','in_doubt',0,0,0,'hold',1,NULL,'','ServerDisconnectedError: Server disconnected',1,1795518482000,1795518482000,1795518482000,NULL,NULL,0);
INSERT INTO "dispatch" VALUES(6,2,1,'viber','viber','delivered',0,0,0,'hold',1,5741311803571721125,'','',1,1795518482000,1795518482000,1795518482000,NULL,NULL,0);
INSERT INTO "dispatch" VALUES(7,2,1,'telegram',NULL,'done',0,0,0,'hold',40,NULL,NULL,NULL,0,1795518482000,1795518482000,1795518482000,NULL,40,0);
INSERT INTO "dispatch" VALUES(8,2,1,'viber',NULL,'done',0,0,0,'hold',3,NULL,NULL,NULL,0,1795518482000,1795518482000,1795518482000,NULL,43,0);
INSERT INTO "dispatch" VALUES(9,3,1,'telegram','main','delivered',0,0,0,'hold',1,3,'https://t.me/visnyk_news/3','',1,1795518933000,1795518933000,1795518933000,NULL,NULL,0);
INSERT INTO "dispatch" VALUES(10,3,1,'viber','viber','delivered',0,0,0,'hold',1,5741311803571721143,'','',1,1795518933000,1795518933000,1795518933000,NULL,NULL,0);
INSERT INTO "dispatch" VALUES(11,3,1,'telegram',NULL,'running',0,0,0,'hold',40,NULL,NULL,NULL,0,1795518933000,1795518933000,1795518933000,NULL,40,0);
INSERT INTO "dispatch" VALUES(12,3,1,'viber',NULL,'done',0,0,0,'hold',3,NULL,NULL,NULL,0,1795518933000,1795518933000,1795518933000,NULL,43,0);
CREATE TABLE edit_shown (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    people TEXT NOT NULL DEFAULT '[]', -- JSON list of platform:id: whom the cards name
    until INTEGER,                     -- when the first of them is taken to have left it
    changed_by TEXT                    -- platform:id of who changed the article since
) STRICT;
INSERT INTO "edit_shown" VALUES(7,'["telegram:1001"]',1795522502000,NULL);
CREATE TABLE exception (
    dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
    subscriber INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- in_doubt gone failed
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (dispatch_id, subscriber)
) STRICT;
CREATE TABLE forum (
    chat TEXT PRIMARY KEY              -- platform:id
) STRICT;
CREATE TABLE halt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    person TEXT NOT NULL,              -- platform:id of who halted
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE hold (
    account TEXT PRIMARY KEY, -- telegram, viber; with " channels" behind it: of the bot that posts to them
    until INTEGER NOT NULL
) STRICT;
CREATE TABLE identity (
    address TEXT PRIMARY KEY,          -- platform:id
    member_id INTEGER NOT NULL REFERENCES member (id)
) STRICT;
INSERT INTO "identity" VALUES('telegram:1001',1);
INSERT INTO "identity" VALUES('viber:b3duZXItb3duZXItb3duZQ==',2);
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    done_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    UNIQUE (platform, key)
) STRICT;
INSERT INTO "inbox" VALUES(31,'telegram','990001',X'7B227570646174655F6964223A203939303030312C20226D657373616765223A207B226D6573736167655F6964223A203939303030312C202264617465223A20313739353531383933332C202263686174223A207B226964223A2035303034302C202274797065223A202270726976617465222C202266697273745F6E616D65223A2022523530303430227D2C202266726F6D223A207B226964223A2035303034302C202269735F626F74223A2066616C73652C202266697273745F6E616D65223A2022523530303430222C20226C616E67756167655F636F6465223A2022756B227D2C202274657874223A20222F7374617274227D7D',1795518933000,NULL,0,NULL);
CREATE TABLE invitation (
    code_sha256 TEXT PRIMARY KEY,
    role TEXT,
    member_id INTEGER REFERENCES member (id),
    made_by INTEGER NOT NULL REFERENCES member (id),
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    used_by TEXT,                      -- platform:id
    CHECK ((role IS NULL) <> (member_id IS NULL))
) STRICT;
CREATE TABLE member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    role TEXT NOT NULL,                -- owner editor reporter
    name TEXT NOT NULL,
    invited_by INTEGER REFERENCES member (id),   -- NULL: named in OWNERS
    since INTEGER NOT NULL,
    may_approve_from INTEGER,          -- NULL: need not wait
    pinned INTEGER NOT NULL DEFAULT 0, -- 1: named in OWNERS at the latest start
    removed_at INTEGER
) STRICT;
INSERT INTO "member" VALUES(1,'owner','Олена',NULL,1795518000000,NULL,1,NULL);
INSERT INTO "member" VALUES(2,'owner','Олена',NULL,1795518000000,NULL,1,NULL);
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    at INTEGER NOT NULL,
    told_at INTEGER,
    over_at INTEGER
) STRICT;
INSERT INTO "notice" VALUES(1,'submitted','submitted','{"article": 1, "binding": "785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e", "again": false, "only": null}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(2,'approved','approved','{"article": 1, "by": 2, "name": "#2 Олена", "to": [1]}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(3,'submitted','submitted','{"article": 2, "binding": "a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0", "again": false, "only": null}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(4,'approved','approved','{"article": 2, "by": 2, "name": "#2 Олена", "to": [1]}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(5,'submitted','submitted','{"article": 3, "binding": "5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c", "again": false, "only": null}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(6,'approved','approved','{"article": 3, "by": 2, "name": "#2 Олена", "to": [1]}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(7,'submitted','submitted','{"article": 6, "binding": "6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f", "again": false, "only": null}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(8,'approved','approved','{"article": 6, "by": 2, "name": "#2 Олена", "to": [1]}',1795518000000,1795518000000,1795518000000);
INSERT INTO "notice" VALUES(9,'complete:1','complete','{"article": 1}',1795518031000,1795518031000,NULL);
INSERT INTO "notice" VALUES(10,'channel_in_doubt:5:1','channel_in_doubt','{"dispatch": 5}',1795518482000,NULL,NULL);
INSERT INTO "notice" VALUES(11,'complete:2','complete','{"article": 2}',1795518482000,1795518482000,NULL);
INSERT INTO "notice" VALUES(12,'submitted','submitted','{"article": 4, "binding": "cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230", "again": false, "only": null}',1795518902000,1795518902000,1795518902000);
INSERT INTO "notice" VALUES(13,'approved','approved','{"article": 4, "by": 2, "name": "#2 Олена", "to": [1]}',1795518902000,1795518902000,1795518902000);
INSERT INTO "notice" VALUES(14,'submitted','submitted','{"article": 5, "binding": "de3a665830b33f1a0dfbb6d659b88dccb34d011d0b315965b5ed3c8aad61adb2", "again": false, "only": null}',1795518902000,NULL,1795518902000);
CREATE TABLE page (
    dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
    number INTEGER NOT NULL,
    low INTEGER NOT NULL,              -- the subscriber number of position 0
    state TEXT NOT NULL,               -- waiting done
    not_before INTEGER NOT NULL,
    members BLOB NOT NULL,             -- one bit a position: counted in when the dispatch was made
    states BLOB NOT NULL,              -- two bits a position
    ids BLOB NOT NULL,                 -- message ids of the delivered, as deltas
    PRIMARY KEY (dispatch_id, number)
) STRICT;
INSERT INTO "page" VALUES(3,0,0,'done',1795518031000,X'FEFFFFFFFF0100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'A8AAAAAAAAAAAAAAAAAA02000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'7A020202020202020202020202020202020202020202020202020202020202020202020202020202');
INSERT INTO "page" VALUES(4,0,0,'done',1795518031000,X'00000000000E0000000000000000000000000000000000000000000000000000000000000000',X'00000000000000000000A800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'C2CEB2CAD4AA9EAD9F010200');
INSERT INTO "page" VALUES(7,0,0,'done',1795518482000,X'FEFFFFFFFF0100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'A8AAAAAAAAAAAAAAAAAA02000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'D201020202020202020202020202020202020202020202020202020202020202020202020202020202');
INSERT INTO "page" VALUES(8,0,0,'done',1795518482000,X'00000000000E0000000000000000000000000000000000000000000000000000000000000000',X'00000000000000000000A800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'CCCEB2CAD4AA9EAD9F010200');
INSERT INTO "page" VALUES(11,0,0,'waiting',1795518933000,X'FEFFFFFFFF0100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'5855555555010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'C002');
INSERT INTO "page" VALUES(12,0,0,'done',1795518933000,X'00000000000E0000000000000000000000000000000000000000000000000000000000000000',X'00000000000000000000A800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'F0CEB2CAD4AA9EAD9F010200');
CREATE TABLE person (
    address TEXT PRIMARY KEY,          -- platform:id of somebody of the desk
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
INSERT INTO "person" VALUES('viber:b3duZXItb3duZXItb3duZQ==','uk','Олена',1795518933000);
INSERT INTO "person" VALUES('telegram:1001','uk','Олена',1795518933000);
CREATE TABLE progress (
    article_id INTEGER NOT NULL REFERENCES article (id),
    chat TEXT NOT NULL,                -- platform:id of somebody of the desk
    message_id INTEGER NOT NULL,       -- 0: told, and not to be edited
    PRIMARY KEY (article_id, chat)
) STRICT;
CREATE TABLE reading (
    review_id INTEGER NOT NULL REFERENCES review (id),
    member_id INTEGER NOT NULL REFERENCES member (id),
    ticks TEXT NOT NULL DEFAULT '[]',  -- JSON list
    ask_again_at INTEGER,              -- "later" was pressed
    PRIMARY KEY (review_id, member_id)
) STRICT;
CREATE TABLE reply (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    body TEXT NOT NULL,                -- JSON of a screen or a preview
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    not_before INTEGER NOT NULL
, name TEXT NOT NULL DEFAULT '', thread INTEGER NOT NULL DEFAULT 0, about INTEGER) STRICT;
INSERT INTO "reply" VALUES(106,'telegram','1001','{"Screen": {"runs": [{"text": "⏳ #6 вийде за 30 с, о 13:16:03.", "bold": false, "italic": false, "link": ""}, {"text": "\n", "bold": false, "italic": false, "link": ""}, {"text": "Лікарня отримала обладнання", "bold": true, "italic": false, "link": ""}], "buttons": [[{"label": "✖️ Зупинити", "id": "O8_5X2LVWXKtZ0wFTiv4yg", "url": ""}]], "replaces": 0, "article": 6, "name": "countdown:6:1795518933.0", "kind": "", "in_place": false}}',1795518933000,NULL,1795518938000,'countdown:6:1795518933.0',0,NULL);
INSERT INTO "reply" VALUES(109,'telegram','1001','{"Screen": {"runs": [{"text": "Ви — telegram:1001, власник цієї редакції.", "bold": false, "italic": false, "link": ""}], "buttons": [], "replaces": 0, "article": 0, "name": "", "kind": "", "in_place": false}}',1795518933000,NULL,1795518933000,'',0,NULL);
CREATE TABLE resume_request (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    member_id INTEGER NOT NULL REFERENCES member (id),
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- before after
    binding TEXT NOT NULL,             -- SHA-256 of content, outlets and time
    asked_by TEXT NOT NULL,            -- platform:id
    asked_at INTEGER NOT NULL,
    remind_at INTEGER,                 -- the desk is asked again; NULL: it was
    escalate_at INTEGER,               -- the owners are told; NULL: they were
    closed_at INTEGER,
    outcome TEXT                       -- published changed returned rejected cancelled held reviewed
) STRICT;
INSERT INTO "review" VALUES(1,1,1,'before','785d54fb64e1d40fdd47ab539569ddc283e2c0287e0c10d46976a3406ee3b62e','telegram:1001',1795518000000,1795518900000,1795521600000,1795518031000,'published');
INSERT INTO "review" VALUES(2,2,1,'before','a799fc6a01bcbacfb39f5ced85a46d23ae6c373da8514a587be7636bb81adae0','telegram:1001',1795518000000,1795518900000,1795521600000,1795518482000,'published');
INSERT INTO "review" VALUES(3,3,1,'before','5c8f0768ced182eef42e963aff230cb241060402e76fa1e6b32b461a50db429c','telegram:1001',1795518000000,NULL,1795521600000,1795518933000,'published');
INSERT INTO "review" VALUES(4,6,1,'before','6503d40e6ee387575e031d757534504d45a21b78680a488309988ec85dad1f5f','telegram:1001',1795518000000,NULL,1795521600000,NULL,NULL);
INSERT INTO "review" VALUES(5,4,1,'before','cf482de6ae4de1b3bf7cf463b5de48c9925ecac7428be7e2300a74fa2f100230','telegram:1001',1795518902000,1795519802000,1795522502000,NULL,NULL);
INSERT INTO "review" VALUES(6,5,1,'before','de3a665830b33f1a0dfbb6d659b88dccb34d011d0b315965b5ed3c8aad61adb2','telegram:1001',1795518902000,1795519802000,1795522502000,NULL,NULL);
CREATE TABLE shown (
    chat TEXT NOT NULL,                -- platform:id
    message_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    name TEXT NOT NULL,                -- a later screen of this name takes its place; empty: none does
    at INTEGER NOT NULL, kind TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (chat, message_id)
) STRICT;
INSERT INTO "shown" VALUES('telegram:1001',3,1,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',5,1,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',6,1,'',1795518000000,'card');
INSERT INTO "shown" VALUES('telegram:1001',9,2,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',11,2,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',12,2,'',1795518000000,'card');
INSERT INTO "shown" VALUES('telegram:1001',15,3,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',17,3,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',18,3,'',1795518000000,'card');
INSERT INTO "shown" VALUES('telegram:1001',21,4,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',23,4,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',24,4,'',1795518000000,'card');
INSERT INTO "shown" VALUES('telegram:1001',27,5,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',29,5,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',30,5,'',1795518000000,'card');
INSERT INTO "shown" VALUES('telegram:1001',33,6,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',35,6,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',36,6,'',1795518000000,'card');
INSERT INTO "shown" VALUES('telegram:1001',39,7,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',41,7,'',1795518000000,'');
INSERT INTO "shown" VALUES('telegram:1001',42,7,'',1795518000000,'card');
INSERT INTO "shown" VALUES('viber:b3duZXItb3duZXItb3duZQ==',5741311803571721095,1,'',1795518000000,'question');
INSERT INTO "shown" VALUES('telegram:1001',47,1,'',1795518000000,'card');
INSERT INTO "shown" VALUES('viber:b3duZXItb3duZXItb3duZQ==',5741311803571721102,2,'',1795518000000,'question');
INSERT INTO "shown" VALUES('telegram:1001',51,2,'',1795518000000,'card');
INSERT INTO "shown" VALUES('viber:b3duZXItb3duZXItb3duZQ==',5741311803571721109,3,'',1795518000000,'question');
INSERT INTO "shown" VALUES('telegram:1001',55,3,'',1795518000000,'card');
INSERT INTO "shown" VALUES('viber:b3duZXItb3duZXItb3duZQ==',5741311803571721116,6,'',1795518000000,'question');
INSERT INTO "shown" VALUES('telegram:1001',59,6,'',1795518031000,'card');
INSERT INTO "shown" VALUES('telegram:1001',60,1,'countdown:1:1795518000.0',1795518031000,'');
INSERT INTO "shown" VALUES('telegram:1001',103,2,'countdown:2:1795518451.0',1795518482000,'');
INSERT INTO "shown" VALUES('viber:b3duZXItb3duZXItb3duZQ==',5741311803571721134,4,'',1795518902000,'question');
INSERT INTO "shown" VALUES('telegram:1001',153,4,'',1795518902000,'card');
INSERT INTO "shown" VALUES('viber:b3duZXItb3duZXItb3duZQ==',5741311803571721141,5,'',1795518902000,'question');
INSERT INTO "shown" VALUES('telegram:1001',159,3,'countdown:3:1795518902.0',1795518933000,'');
CREATE TABLE subscriber (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,               -- active muted left gone
    strikes INTEGER NOT NULL DEFAULT 0,
    struck_at INTEGER,
    since INTEGER NOT NULL,
    changed_at INTEGER NOT NULL, joined_after INTEGER NOT NULL DEFAULT 0,
    UNIQUE (platform, chat)
) STRICT;
INSERT INTO "subscriber" VALUES(1,'telegram','50000','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(2,'telegram','50001','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(3,'telegram','50002','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(4,'telegram','50003','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(5,'telegram','50004','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(6,'telegram','50005','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(7,'telegram','50006','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(8,'telegram','50007','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(9,'telegram','50008','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(10,'telegram','50009','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(11,'telegram','50010','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(12,'telegram','50011','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(13,'telegram','50012','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(14,'telegram','50013','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(15,'telegram','50014','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(16,'telegram','50015','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(17,'telegram','50016','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(18,'telegram','50017','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(19,'telegram','50018','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(20,'telegram','50019','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(21,'telegram','50020','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(22,'telegram','50021','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(23,'telegram','50022','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(24,'telegram','50023','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(25,'telegram','50024','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(26,'telegram','50025','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(27,'telegram','50026','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(28,'telegram','50027','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(29,'telegram','50028','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(30,'telegram','50029','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(31,'telegram','50030','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(32,'telegram','50031','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(33,'telegram','50032','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(34,'telegram','50033','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(35,'telegram','50034','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(36,'telegram','50035','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(37,'telegram','50036','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(38,'telegram','50037','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(39,'telegram','50038','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(40,'telegram','50039','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(41,'viber','reader-00000==','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(42,'viber','reader-00001==','uk','active',0,NULL,1795518000000,1795518000000,0);
INSERT INTO "subscriber" VALUES(43,'viber','reader-00002==','uk','active',0,NULL,1795518000000,1795518000000,0);
CREATE TABLE topic (
    chat TEXT NOT NULL,                -- platform:id
    article_id INTEGER NOT NULL REFERENCES article (id),
    thread INTEGER NOT NULL, rename_to TEXT,           -- the platform's number of it
    PRIMARY KEY (chat, article_id)
) STRICT;
CREATE TABLE version (
    article_id INTEGER NOT NULL REFERENCES article (id),
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content TEXT NOT NULL,             -- the article's canonical JSON
    author TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;
INSERT INTO "version" VALUES(1,1,'85912640ad6d5f2aae6dde56463a0146805783ee1d855b9a70ff564919657b54','{"body":[[{"bold":false,"italic":false,"link":"","text":"Ремонт тривав два роки й коштував 120 мільйонів гривень."}],[{"bold":false,"italic":false,"link":"","text":"За словами підрядника, міст простоїть пів століття."}]],"headline":"Міст через Сулу відкрили після ремонту","language":"uk","lead":"Рух відновили в обох напрямках, обмеження для вантажівок зняли.","link":"https://example.org/news/sula-bridge","media":null,"related":[],"sources":[{"link":"https://example.org/ova","name":"Полтавська ОВА"}],"topics":[],"urgent":false,"video":false}','telegram:1001',1795518000000);
INSERT INTO "version" VALUES(2,1,'2c8a1c0007e65d6277626f97cf09df802a7044cca8984e14aaeeaf4112cffded','{"body":[[{"bold":false,"italic":false,"link":"","text":"Ремонт тривав два роки й коштував 120 мільйонів гривень."}],[{"bold":false,"italic":false,"link":"","text":"За словами підрядника, міст простоїть пів століття."}]],"headline":"Школу в Лубнах закрили на карантин","language":"uk","lead":"Рух відновили в обох напрямках, обмеження для вантажівок зняли.","link":"https://example.org/news/sula-bridge","media":null,"related":[],"sources":[{"link":"https://example.org/ova","name":"Полтавська ОВА"}],"topics":[],"urgent":false,"video":false}','telegram:1001',1795518000000);
INSERT INTO "version" VALUES(3,1,'bedb5b091aa65aeafaee757f46b99c3602809c26be539ea5da79a75c115e9fc5','{"body":[[{"bold":false,"italic":false,"link":"","text":"Ремонт тривав два роки й коштував 120 мільйонів гривень."}],[{"bold":false,"italic":false,"link":"","text":"За словами підрядника, міст простоїть пів століття."}]],"headline":"Бюджет області ухвалили в другому читанні","language":"uk","lead":"Рух відновили в обох напрямках, обмеження для вантажівок зняли.","link":"https://example.org/news/sula-bridge","media":null,"related":[],"sources":[{"link":"https://example.org/ova","name":"Полтавська ОВА"}],"topics":[],"urgent":false,"video":false}','telegram:1001',1795518000000);
INSERT INTO "version" VALUES(4,1,'9080d5f7ab90dac490fc17b5b529479914fb0cd73117f7d4f64bceec25deb90e','{"body":[[{"bold":false,"italic":false,"link":"","text":"Ремонт тривав два роки й коштував 120 мільйонів гривень."}],[{"bold":false,"italic":false,"link":"","text":"За словами підрядника, міст простоїть пів століття."}]],"headline":"Новий розклад електричок","language":"uk","lead":"Рух відновили в обох напрямках, обмеження для вантажівок зняли.","link":"https://example.org/news/sula-bridge","media":null,"related":[],"sources":[{"link":"https://example.org/ova","name":"Полтавська ОВА"}],"topics":[],"urgent":false,"video":false}','telegram:1001',1795518000000);
INSERT INTO "version" VALUES(5,1,'d41cdff5356bc02a7a6eb601aa056bba29a2d23d81726aed495b6861e2897a87','{"body":[[{"bold":false,"italic":false,"link":"","text":"Ремонт тривав два роки й коштував 120 мільйонів гривень."}],[{"bold":false,"italic":false,"link":"","text":"За словами підрядника, міст простоїть пів століття."}]],"headline":"Суд переніс розгляд справи","language":"uk","lead":"Рух відновили в обох напрямках, обмеження для вантажівок зняли.","link":"https://example.org/news/sula-bridge","media":null,"related":[],"sources":[{"link":"https://example.org/ova","name":"Полтавська ОВА"}],"topics":[],"urgent":false,"video":false}','telegram:1001',1795518000000);
INSERT INTO "version" VALUES(6,1,'76f516ca2a2d65d771d288e8ba68a93caa22da293a77f8989ea8fd1c6a38353f','{"body":[[{"bold":false,"italic":false,"link":"","text":"Ремонт тривав два роки й коштував 120 мільйонів гривень."}],[{"bold":false,"italic":false,"link":"","text":"За словами підрядника, міст простоїть пів століття."}]],"headline":"Лікарня отримала обладнання","language":"uk","lead":"Рух відновили в обох напрямках, обмеження для вантажівок зняли.","link":"https://example.org/news/sula-bridge","media":null,"related":[],"sources":[{"link":"https://example.org/ova","name":"Полтавська ОВА"}],"topics":[],"urgent":false,"video":false}','telegram:1001',1795518000000);
INSERT INTO "version" VALUES(7,1,'ebb901448f814f12b91aedd408d94492310574ca4338f8354cb81e4f9d218b62','{"body":[[{"bold":false,"italic":false,"link":"","text":"Ремонт тривав два роки й коштував 120 мільйонів гривень."}],[{"bold":false,"italic":false,"link":"","text":"За словами підрядника, міст простоїть пів століття."}]],"headline":"Музей відкриває виставку","language":"uk","lead":"Рух відновили в обох напрямках, обмеження для вантажівок зняли.","link":"https://example.org/news/sula-bridge","media":null,"related":[],"sources":[{"link":"https://example.org/ova","name":"Полтавська ОВА"}],"topics":[],"urgent":false,"video":false}','telegram:1001',1795518000000);
CREATE INDEX subscriber_active ON subscriber (platform, number) WHERE state = 'active';
CREATE INDEX dispatch_article ON dispatch (article_id);
CREATE INDEX dispatch_open ON dispatch (platform, not_before) WHERE state IN ('ready', 'sending', 'running', 'in_doubt');
CREATE INDEX inbox_waiting ON inbox (id) WHERE done_at IS NULL;
CREATE INDEX dialogue_due ON dialogue (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX notice_open ON notice (key) WHERE over_at IS NULL;
CREATE VIEW leaving AS SELECT * FROM dispatch WHERE NOT EXISTS (SELECT 1 FROM halt);
CREATE INDEX dispatch_counting ON dispatch (urgent, id) WHERE counting_from IS NOT NULL;
CREATE INDEX page_waiting ON page (dispatch_id, number) WHERE state = 'waiting';
CREATE INDEX page_postponed ON page (dispatch_id, not_before) WHERE state = 'waiting';
CREATE INDEX audit_subject ON audit (subject, id) WHERE subject <> '';
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END;
CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit WHEN NEW.id IS NOT (SELECT id + 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the audit log goes on only at its end'); END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log has one head'); END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log has one head'); END;
CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
WHEN NEW.id <> OLD.id + 1 OR NOT EXISTS (SELECT 1 FROM audit WHERE id = NEW.id AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the head is the last entry of the audit log'); END;
CREATE INDEX identity_member ON identity (member_id);
CREATE UNIQUE INDEX review_open ON review (article_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX approval_once ON approval (article_id, binding, member_id) WHERE voided_at IS NULL;
CREATE INDEX approval_member ON approval (member_id) WHERE voided_at IS NULL;
CREATE INDEX decision_article ON decision (article_id, id);
CREATE INDEX article_due ON article (due_at) WHERE state IN ('queued', 'counting');
CREATE INDEX shown_name ON shown (chat, name) WHERE name <> '';
CREATE INDEX shown_at ON shown (at);
CREATE INDEX topic_thread ON topic (chat, thread);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('member',2);
INSERT INTO "sqlite_sequence" VALUES('audit',28);
INSERT INTO "sqlite_sequence" VALUES('subscriber',43);
INSERT INTO "sqlite_sequence" VALUES('inbox',31);
INSERT INTO "sqlite_sequence" VALUES('reply',109);
INSERT INTO "sqlite_sequence" VALUES('article',7);
INSERT INTO "sqlite_sequence" VALUES('review',6);
INSERT INTO "sqlite_sequence" VALUES('notice',14);
INSERT INTO "sqlite_sequence" VALUES('approval',5);
INSERT INTO "sqlite_sequence" VALUES('dispatch',12);
COMMIT;
PRAGMA application_id = 1447646030;
PRAGMA user_version = 14;
