"""Small words that say what kind of sentence it is: a question, a request, a greeting, thanks.

They decide two things only: whether something was asked that no rule covers, and whether a message is
nothing but courtesy. No reply is ever chosen by them. In the notation of `phrases`.
"""

from __future__ import annotations

from typing import Final

from autoresponder.text.tokens import words_of

ASK_FIRST: Final = """
what whats where wheres when whens how hows who which why can could may is are do does did any
was wo wann wie wer wen wem welche* warum wieso weshalb wohin woher wieviel kann konnen konnten konnte durfen
darf durften durfte gibt gibts ist sind haben habt hat hatten ware waren besteht wird werden lasst
que quel quelle quels quelles ou quand comment combien pourquoi peut pouvez pourriez pourrait pouvons
pourrions avez serait faut
donde cuando como cuanto cuanta cuantos cual cuales quien hay puedo podemos pueden podria podriamos podrian
puede tiene tienen tienes seria
che cosa dove quando quanto quanta quale quali chi perche c'è posso possiamo potete potrei potremmo potrebbe
potreste avete sarebbe
onde quanto qual quais quem ha tem posso podemos podem poderia poderiamos poderiam pode seria
wat waar wanneer hoe welke welk waarom kan kunnen kunt mogen mag heeft hebben zou zouden zijn
var hvor hvornar hvordan hvad gdzie kiedy jak czy ile kde kdy nerede nasıl где когда как сколько можно
apa apakah bila bilakah bagaimana macam mana berapa boleh bisa adakah ada
"""
"""Words with which a question begins, also where the question mark is missing."""

ASK_ANYWHERE: Final = """
is there, are there, is it possible, would it be possible, can you, could you, can we, can i, could we, could i
may we, may i, would you, will you, do you have, do you know, do you offer, do we need, do i need, shall we, should we, should i
will you, will there, will it, will we, would there, would it
what time, how much, how many, how long, how far, how do, where is, where are, where can, let me know, let us know
tell me, tell us
send me, send us, give me, give us, i need, we need, i want, we want, i'd like, we'd like, would like, i'd love
we'd love, looking for, wondering, wonder if, like to know, like to ask, want to know, need to know, any chance
please, pls, plz, kindly send, just checking, would be great if, would be nice if, would be amazing, bitte, wäre toll
wäre schön, wäre super, s'il vous plaît, s'il te plaît, svp, serait top, quelle heure, por favor, necesitaría, necesitaríamos
per favore, per cortesia, cortesemente, alstublieft, alsjeblieft, sila, lütfen, пожалуйста
gibt es, gibt's, haben sie, habt ihr, konnen sie, konnten sie, konnt ihr, konnen wir, konnten wir, konnte ich
kann ich, kann man, kann mir, durfen wir, durften wir, darf ich, bitte um, bitte senden, bitte schicken, bitte sagen
brauche, brauchen wir, wir brauchen, benotig*, würde gern*, würden gern*, hätte gern*, hätten gern*, möchte, möchten
suche, schicken sie mir, schicken sie uns, sagen sie, teilen sie, geben sie, wollte fragen, wollten fragen
wollte wissen, wüsste gern*, wie viel, wie lange, wie weit, ist es möglich, wäre es möglich, um wie viel uhr
avez vous, est ce que, y a t il, pouvez vous, pourriez vous, pouvons nous, peut on, puis je, pourrait on, est il
serait il, serait-ce, j'aimerais, nous aimerions, aimerait, je voudrais, nous voudrions, voudrait, besoin de, besoin d
il nous faut, il nous faudrait, je cherche, dites moi, dites nous, envoyez, merci de me, merci de nous, a quelle heure
savoir si, faut il, à combien
me gustaria, nos gustaria, necesito, necesitamos, quisiera, quisieramos, quiero, queremos, querria, querriamos
me puede, nos puede, me podria, nos podria, me pueden, nos pueden, es posible, seria posible, podria decir*, digame
diganme, enviame, envieme, envienme, por favor envi*, a que hora, saber si, hay que, se puede, tienen ustedes, tienes
vorrei, vorremmo, ho bisogno, abbiamo bisogno, avrei bisogno, avremmo bisogno, mi servirebbe, ci servirebbe, ci serve
mi serve, mi puo, ci puo, mi può, mi potete, ci potete, mi dica, mi dite, inviatemi, volevo sapere, volevamo sapere
volevo chiedere, sapere se, è possibile, sarebbe possibile, si può, si puo, c'è, ci sono, a che ora, avete
gostaria, gostaríamos, preciso, precisamos, queria, queríamos, quero, pode me, pode nos, poderia, poderiam, e há, há algum*, há um, há uma, há estacionamento, há lugar, há possibilidade, há como, há onde, a que horas
é possível, seria possível, saber se, diga me, envie me, tem como, vocês têm
ik wil graag, we willen graag, wij willen graag, zou graag, zouden graag, heb nodig, hebben nodig, kunt u, kun je, kan je
kunnen we, kunnen wij, kan ik, mogen we, mag ik, laat me weten, is er, zijn er, heeft u, hebben jullie, ik zoek
is het mogelijk, hoe laat, graag willen weten
wanted to check, want to check, just to check, wanted to ask, like to find out, want to find out, was hoping, were hoping, hoping to
hoping for, i'll need, we'll need, i will need, we will need, want to, wanna, suggest a, suggest some, recommend a, recommend some
question about, questions about, question regarding, question on, need some, need an, can't find, cannot find, cant find, can not find
don't see, can't see, cannot see, don't know, no idea, curious, trying to find, find out, if you have, if you offer, if you include, if there is, if there are, whether
if you guys, needing, which day, what day, at what, where do, where should, but where, but how, but when, but what
aber wo, aber wie, aber wann, aber was, aber gibt, mais où, mais comment, mais quand, mais quel*, pero dónde, pero cómo, pero cuándo
pero qué, pero hay, ma dove, ma come, ma quando, ma qual*, mas onde, mas como, mas quando, mas qual, maar waar, maar hoe, maar wanneer
maar wat, will need, c'est quoi, c quoi, c'est où, c'est combien, c'est quand, c'est comment
welchem tag, welcher tag, welche uhrzeit, frage zu, frage zum, frage zur, frage wegen, fragen zu, brauch, brauchten, bräucht*, bräuchten, bräuchte
finden ... nicht, finde ... nicht, nirgends, wohin, wissen sie, wisst ihr, weißt du, würden wir gern*, täten wir, hätt gern*, wüssten gern*
question sur, question concernant, question pour, trouve pas, trouvons pas, ne trouve, ne trouvons, nous faudrait, me faudrait, besoin
on peut, on pourrait, vous auriez, auriez vous, vous pourriez, vous pouvez, quel est, quelle est, combien, est ce qu, y aurait il, il y a t il
pregunta sobre, duda sobre, una duda, no encontramos, no encuentro, no sabemos, necesitaría*, haría falta, nos haría falta, me pasas, me pasáis
nos pasas, me pasa, me mandas, me envías, nos envías, me dices, nos dices, podemos, puedo, a partir de qué, hasta qué
domanda su, domanda sul, domanda sulla, non troviamo, non trovo, non riusciamo a trovare, non sappiamo, servirebbe, servirebbero, mi manda
mi mandi, ci manda, ci mandi, mi invia, mi dice, possiamo, posso, potremmo, si potrebbe, ci vuole, avremmo bisogno, avrei bisogno, da che ora
dúvida sobre, pergunta sobre, não encontramos, não encontro, não sabemos, precisava, precisávamos, manda me, me manda, pode mandar, dá para
dá pra, podemos, até que horas, que horas, vocês aceitam, aceitam, tem vaga
vraag over, vragen over, kunnen ... niet vinden, kan ... niet vinden, weten niet, weet niet, hebben we nodig, graag een, graag de, graag het
graag uw, graag jullie, zouden we, zou ik, mogen wij, kan er, kunnen er, mag er
soalan, nak tanya
吗, 呢, 什么, 哪里, 哪儿, 哪个, 怎么, 怎样, 如何, 多少, 几点, 多久, 能不能, 可不可以, 可以, 有没有, 是不是, 请问, 请给, 需要, 想要, 我要, 是否, 麻烦
嗎, 什麼, 哪裡, 怎麼, 幾點, 請問, 請給, 需要
ですか, ますか, でしょうか, どこ, いつ, いくら, 何時, ください, 教えて, ほしい, たいです, 可能でしょうか
나요, 까요, 습니까, 어디, 언제, 어떻게, 얼마, 몇시, 주세요, 있나요, 가능한가
ไหม, มั้ย, หรือเปล่า, ที่ไหน, เมื่อไหร่, กี่โมง, อย่างไร, ยังไง, เท่าไหร่, ขอ, ต้องการ
apakah, di mana, bagaimana, berapa, bila boleh, boleh saya, boleh kami, saya nak, saya mahu, saya perlu, tolong, perlukan
где, когда, сколько, можно ли, можете, можем, есть ли, нужен, нужна, нужно, хотел*, хотим, хочу, подскажите, скажите
nerede, ne zaman, nasıl, var mı, mümkün mü, ne kadar, saat kaçta, istiyoruz, istiyorum, lazım
gdzie, kiedy, czy, ile, proszę o, potrzebuj*, chciał*, jest możliwe
"""
"""Wording that asks or requests wherever it stands."""

SMALL_TALK: Final = """
how are you, how are you doing, how are things, how is it going, hows it going, hope you are well, hope you're well
hope all is well, hope this finds you well, wie geht es ihnen, wie geht's, wie geht es dir, comment allez vous
comment ca va, ça va, que tal, cómo está, cómo estás, como estas, come sta, come stai, come va, tudo bem
como vai, hoe gaat het, 你好吗, お元気ですか, apa khabar, nasılsınız
"""
"""Questions that want no answer."""

GREETINGS: Final = """
hi, hello, hey, hiya, good morning, good afternoon, good evening, good day, good night, morning, evening, dear, greetings
hallo, guten tag, guten morgen, guten abend, gute nacht, liebe, lieber, liebes, sehr geehrte*, grüß gott, servus, moin
bonjour, bonsoir, salut, cher, chère, hola, buenos días, buenas tardes, buenas noches, buen dia, buenas, estimad*
buongiorno, buonasera, buona sera, buon giorno, salve, ciao, gentile, olá, oi, bom dia, boa tarde, boa noite, prezad*
goedemorgen, goedemiddag, goedenavond, dag, hoi, beste, hej, hei, cześć, dzień dobry, merhaba, привет, здравствуйте
добрый день, 你好, 您好, こんにちは, こんばんは, はじめまして, 안녕하세요, สวัสดี, selamat pagi, selamat petang, selamat malam, salam
sir, madam, sir or madam, team, host, all, everyone, there, damen und herren, damen, herren, herr, frau, zusammen
madame, monsieur, messieurs, señor, señora, signora, signor, senhor, senhora, mr, mrs, ms
best regards, kind regards, warm regards, regards, best wishes, best, cheers, sincerely, yours, bye, bye bye, goodbye, see you
see you soon, see you tomorrow, see you then, talk soon, mit freundlichen grüßen, freundliche grüße, viele grüße
liebe grüße, beste grüße, herzliche grüße, schöne grüße, grüße, gruß, lg, mfg, vg, bis dann, bis bald, bis morgen
bis später, tschüss, auf wiedersehen, cordialement, bien cordialement, bien à vous, à bientôt, a demain, au revoir
bonne journée, bonne soirée, saludos, un saludo, saludos cordiales, atentamente, hasta luego, hasta pronto, hasta mañana
adiós, que tenga* buen día, buen fin de semana, cordiali saluti, distinti saluti, saluti, un saluto, a presto, a domani
arrivederci, buona giornata, buona serata, atenciosamente, cumprimentos, abraço, abraços, até logo, até breve, até amanhã
met vriendelijke groet*, vriendelijke groet*, groet*, groetjes, mvg, tot dan, tot straks, tot morgen, fijne dag
have a nice day, have a great day, have a good day, have a nice evening, have a lovely day, have a good one
schönen tag, schönen abend, schönes wochenende, schönen tag noch, schönen abend noch
"""
"""Words at either end of a letter; they say nothing by themselves."""

THANKS: Final = """
thanks, thank you, thank u, thankyou, thx, ty, tks, tysm, many thanks, appreciated, much appreciated, i appreciate it, we appreciate it, i appreciate your help, i appreciate the help, thank you kindly
i want to thank you, we want to thank you, i would like to thank you, we would like to thank you, i'd like to thank you, we'd like to thank you
ich möchte mich bedanken, wir möchten uns bedanken, ich wollte mich bedanken, wir wollten uns bedanken, je voulais vous remercier
je voudrais vous remercier, nous voulions vous remercier, nous voudrions vous remercier, quería darle las gracias, quería darte las gracias
queríamos daros las gracias, queremos daros las gracias, volevo ringraziar*, vorrei ringraziar*, volevamo ringraziar*, vorremmo ringraziar*
queria agradecer, quero agradecer, queríamos agradecer, queremos agradecer, ik wil u bedanken, ik wil je bedanken, wij willen u bedanken
danke, dankeschön, vielen dank, herzlichen dank, besten dank, danke schön, danke sehr, merci, merci beaucoup, mille mercis
gracias, muchas gracias, mil gracias, muchísimas gracias, grazie, grazie mille, mille grazie, molte grazie, tante grazie
ti ringrazio, vi ringrazio, la ringrazio, obrigado, obrigada, muito obrigad*, bedankt, dank u, dank je, dank u wel, dank je wel
hartelijk dank, takk, tack, kiitos, dziękuj*, dzięki, děkuj*, teşekkür*, спасибо, благодарю, 谢谢, 謝謝, 多谢, 感谢, ありがとう
ありがとうございます, ありがとうございました, 감사합니다, 고마워요, 고맙습니다, ขอบคุณ, terima kasih, ευχαριστώ, شكرا
"""

FILLERS: Final = """
ok, okay, okey, oki, k, kk, great, perfect, super, cool, nice, good, fine, lovely, wonderful, awesome, excellent, amazing
brilliant, fantastic, got it, understood, noted, alright, all right, all good, sounds good, sounds great, sure, very, so much
much, again, a lot, lots, for everything, for all, for your, for the, that is, thats, it's, really, very kind, kind of you, so
and, the, your, you, we, will do, no problem, no worries, my, in advance, perfekt, prima, toll, klasse, alles klar, in ordnung
gut, sehr, gerne, gern, verstanden, passt, wunderbar, für alles, für die, für ihre, für deine, für den, und, parfait, génial
d'accord, très bien, bien reçu, entendu, c'est noté, noté, pour tout, pour votre, pour la, pour les, pour le, beaucoup, et
perfecto, genial, vale, de acuerdo, muy bien, bien, entendido, estupendo, por todo, por la, por el, por su, por tu, muy amable
muchas, y, perfetto, ottimo, va bene, benissimo, d'accordo, bene, capito, per tutto, per la, per il, gentilissim*, mille, e
perfeito, ótimo, está bem, tudo certo, certo, entendi, combinado, pela, pelo, por tudo, muito, top, goed, helemaal goed
begrepen, akkoord, voor alles, voor de, voor uw, je wel, heel erg, alvast, wel
好的, 好, 收到, 明白, 知道了, 了解, 太好了, 行, わかりました, 了解です, 了解しました, かしこまりました, どうも
네, 알겠습니다, baik, ok baik, tq, x, xx, xxx, xo, d, p
for your help, for the help, for helping, for helping me, for helping us, for helping me out, for helping us out, your help, for your reply, for the reply, your reply, quick reply, fast reply, prompt reply
quick response, fast response, prompt response, your response, quick answer, your answer, your message, for the info
for the information, the info, the information, your time, für ihre hilfe, für die hilfe, ihre hilfe, für die infos
für die info, für die information*, schnelle antwort, rasche antwort, schnelle rückmeldung, ihre antwort, ihre rückmeldung
ihre nachricht, für die antwort, für die rückmeldung, für die nachricht, votre aide, votre réponse, réponse rapide
les informations, votre message, su ayuda, tu ayuda, la ayuda, su respuesta, tu respuesta, la respuesta, respuesta rápida
la información, l'aiuto, la risposta, risposta rapida, le informazioni, sua ajuda, pela ajuda, pela resposta
resposta rápida, pela informação, pelas informações, uw hulp, snelle reactie, snelle antwoord, uw antwoord, je hulp
"""
"""Words around thanks that ask and tell nothing. Never a word that could be a cry by itself, such as help."""

_UNHAPPY: Final = frozenset("🤔😡😠🤬👎😤😢😭🆘⚠🔥🚨☹😞😟🙁💩🤮🤢🐀🐁🐛❓❔💔🥶🥵😱🪳🕷💧❌⛔")


def entries(block: str, *, words: bool = False) -> list[str]:
    """The phrases of one of the blocks above: single words, or phrases between commas and line ends."""
    pieces = block.split() if words else block.replace("\n", ",").split(",")
    return list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def is_mere_sign(word: str) -> bool:
    """Whether a word is an emoji that only smiles or nods."""
    return len(word) == 1 and not word.isalnum() and word not in _UNHAPPY


def name_words(*names: str) -> frozenset[str]:
    """The words of names, which in a message are no more than an address or a signature."""
    return frozenset(word for name in names for word in words_of(name))
