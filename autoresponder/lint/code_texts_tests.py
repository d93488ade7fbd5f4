"""The texts of `codes` for a manager's own tests and for comments to `check`; written as in `code_texts`."""

from __future__ import annotations

TESTS = """
K001 A test expects a rule that does not exist.
Rules are named by their id.
- expect: {rule: wiffi}
+ expect: {rule: wifi}

K002 A test names a property that does not stand in properties.yaml.

K003 What the guest and the property say in a test does not make a conversation.
- - name: parking
-   conversation: []
+ - name: parking
+   conversation:
+     - guest: Is there parking?

K004 Two tests have the same name.

K005 There is no such day or time.
- at: 2026-02-30T12:00
+ at: 2026-02-28T12:00

K006 The booking or inquiry of a test contradicts itself.
- booking: {arrival: 2026-05-04, departure: 2026-05-01}
+ booking: {arrival: 2026-05-01, departure: 2026-05-04}

K007 There is no test in a file of tests.
- tests: []
+ tests:
+   - name: parking
+     message: Is there parking?
+     expect: {rule: parking}

K009 What a test expects contradicts itself.
- expect: {outcome: hold, contains: WLAN}
+ expect: {outcome: reply, contains: WLAN}

K010 There is no such language.
- language: english
+ language: en

K011 The messages of a test are not in the order of their times.

K012 A test fails with the changed rules.
A running service takes up changed files only when the tests in tests/ pass. See: autoresponder test
"""

ALLOWING = """
A001 A comment that should allow a warning is not complete.
It names the code and says why; it may say until when.
- # check: allow L009
+ # check: allow L009 because the owner wants it so

A002 A comment allows a code that does not exist.
- # check: allow L9 because the owner wants it so
+ # check: allow L009 because the owner wants it so

A003 A comment that allows a warning has ended, or its day does not exist.
The warning shows again. Mend what it is about, or write a later day.

A004 A comment allows a warning that is not found.
It is about its own line, or, when it stands alone, about the next line. Delete it when the warning is gone.

A005 A comment cannot allow an error.
With an error nothing goes live.
"""
