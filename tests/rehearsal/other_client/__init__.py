"""The server held to a client library that shares no code with it: kurigram, and it alone.

One test a behaviour. The world and its trouble are arranged by the server's own means; everything
that is checked over the wire is asked by kurigram, in its own ways or in raw requests.

    behaviour                                                           file
    ------------------------------------------------------------------  -------------------
    codes: right, wrong, old, sent again, too many; phones; api_id      test_codes
    two-step password, asked for, changed, taken away                   test_password
    QR codes, scanned, old, elsewhere, with a password                  test_qr_login
    other devices, logging out, bans, freezes, lost keys                test_logins
    phones, accounts and logins of other data centres                   test_data_centres
    people by name and phone, hashes, bots, contacts, photos            test_people
    chats from inside and outside, joining, names, basic groups         test_chats
    participants one by one, in pages, by search and filter             test_participants
    the list of dialogues, pages, pins, archive, unread counts          test_dialogs
    adding people: privacy, refusals, rights, the limit of 200          test_invites
    links: limits, expiry, revocation, who came by them                 test_links
    join requests and their approval                                    test_join_requests
    separate rights, bans, restrictions, slow mode                      test_admins
    the log of the admins                                               test_admin_log
    sending: random_id, Premium, paid, blocked, changes, files          test_sending
    history, search, read marks, answers that come in                   test_reading
    flood waits, PEER_FLOOD, budgets of look-ups and contacts           test_limits
    errors, drops, restarts, slowness, doubled and late updates, clocks test_trouble
    framings, plain and obfuscated                                      test_transports
    ids, numbers, salts, containers, gzip, order                        test_conversation
    sessions, acknowledgements, repetition, introductions, layers       test_sessions
    unknown and torn requests, hostile bytes                            test_hostility
    numbers of updates and differences                                  test_difference
    a program of its own: scenario files, kills                         test_stand_alone

What kurigram cannot be brought to is tried with other clients only: padded packets under
obfuscation (it sends them to a proxy alone), another try at a key whose id is taken (it gives up),
a clock behind its own (its message ids never go back), and packets that are no MTProto.
"""
