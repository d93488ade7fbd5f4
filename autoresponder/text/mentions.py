"""Words that turn a topic into something a guest merely mentions: not wanted, or over and done with.

"We don't have a dog", "ohne Auto", "we used the pool yesterday" ask for nothing. "We don't know the
password" does. In the notation of `phrases`; only statements are looked at, never questions.
"""

from __future__ import annotations

from typing import Final

NEGATIONS: Final = """
no, not, don't, dont, doesn't, doesnt, didn't, didnt, won't, wont, wouldn't, isn't, aren't, haven't, hasn't, without
never, neither, nor, none of
kein, keine, keinen, keinem, keiner, nicht, nie, niemals, ohne, weder
pas, sans, ni, jamais, aucun, aucune, ne ... pas, n'avons pas, n'ai pas, n'aurons pas
no tenemos, no tengo, no llevamos, no traemos, no traeremos, sin, nunca, ningún, ninguna, tampoco
non, senza, mai, nessun, nessuna, nessuno, né
não, nao, sem, nunca, nenhum, nenhuma, nem
geen, niet, nooit, zonder
"""
"""What comes up to four words later is not there, or not wanted."""

NEGATIONS_AFTER: Final = """
nicht, nicht mehr, niet, niet meer
"""
"""Languages that put the "not" behind what it is about: also up to four words before."""

TAKEN_BACK: Final = """
know, sure, find, found, see, seen, receive*, get, given, gotten, remember, recall, understand, clear, work*, hear, heard
able, sent, tell, told, mention*, say, says, only, until, till, before, later than, earlier than, yet, problem, idea, password*
key, keys, code, codes, instruction*, detail*, info, information, address, answer*, mind, forget, figure, open, reach, log, connect, so far
weiß, weiss, wissen, sicher, finde, finden, gefunden, sehe, sehen, bekommen, erhalten, bekam, klar, verstehe, nur, bis, vor, erst
schlüssel, passwort, zugangsdaten, anleitung*, adresse, noch, problem, ahnung, geht, funktioniert, angegeben, sagen, kenne, kennen
sais, savons, trouve, trouvons, trouvé, vois, voyons, reçu, sûr, sûre, compris, clé, clés, mot de passe, adresse, encore, avant, problème, seulement
no sé, sabemos, encuentro, encontramos, encontrado, veo, vemos, recibido, recibimos, seguro, contraseña, llave*, clave, código, dirección, todavía
aún, antes, problema, solo, hasta, entiendo
non so, sappiamo, trovo, troviamo, trovato, vedo, vediamo, ricevuto, sicuro, sicura, capito, chiave, chiavi, codice, indirizzo, ancora, prima, solo, fino
não sei, encontro, encontramos, encontrei, vejo, vemos, recebi, recebemos, certeza, chave*, senha, palavra passe, endereço, ainda, até, apenas
weet, weten, vind, vinden, gevonden, zie, zien, ontvangen, gekregen, zeker, duidelijk, wachtwoord, adres, sleutel*, nog, alleen
"""
"""What makes of "not" a question after all: not knowing, not finding, not having received, not before nine."""

_EN_PAST: Final = "had, used, found, enjoyed, loved, liked, parked, walked, ate, tried, saw, went, took, slept, visited, swam, left"
_EN_FOLLOWED: Final = (
    "had, used, found, enjoyed, loved, parked, walked, ate, visited, taken, left, received, got, seen"
)

TOLD: Final = "\n".join(
    [
        ", ".join(f"{who} {verb}" for who in ("we", "i") for verb in _EN_PAST.split(", ")),
        ", ".join(
            f"{who} {verb}"
            for who in ("we've", "i've", "we have", "i have")
            for verb in _EN_FOLLOWED.split(", ")
        ),
        """
thanks for, thank you for, thanks to, thx for, many thanks for, danke für, dank für, danke dass, merci pour, merci d'avoir, gracias por, grazie per
grazie della, grazie del, grazie dell, obrigado pel*, obrigada pel*, obrigado por, obrigada por, bedankt voor, dank voor, dank je voor
we already, we have already, i already, was lovely, was great, was nice, was perfect, were lovely, were great
were perfect, were excellent, was excellent, was delicious, was wonderful, died, last time we, last time i, last year
what a lovely, what a nice, what a great, what a beautiful
haben ... benutzt, haben ... genutzt, haben ... gefunden, habe ... gefunden, haben ... gefrühstückt, haben ... geparkt
haben ... gegessen, haben ... besucht, hatten wir, wir hatten, waren wir, wir waren, wurde uns, letztes mal, letztes jahr
avons trouvé, ai trouvé, avons utilisé, avons garé, avons mangé, avons visité, avons eu, avons pris, nous avions, était super
la dernière fois, l'année dernière
hemos encontrado, he encontrado, hemos usado, hemos aparcado, hemos comido, hemos visitado, tuvimos, usamos, encontramos el
la última vez, el año pasado
abbiamo trovato, ho trovato, abbiamo usato, abbiamo parcheggiato, abbiamo mangiato, abbiamo visitato, abbiamo fatto, avevamo
l'ultima volta, l'anno scorso
encontrámos, achámos, usámos, usamos a, estacionámos, comemos, visitámos, tivemos, da última vez, no ano passado
hebben ... gebruikt, hebben ... gevonden, heb ... gevonden, hebben ... geparkeerd, hebben ... gegeten, hadden we, we hadden
vorige keer, vorig jaar
found the, found our, found your, found it, got the keys, got the key, got in fine, managed to, was able to, were able to
all sorted, is sorted, sorted now, worked perfectly, worked fine, worked great, worked well, works perfectly, works great
works fine, works well, works now, working fine, working great, working now, went well, went smoothly
hat ... geklappt, hat ... funktioniert, hat ... gefunden, hat sich erledigt, hat sich geklärt, ist erledigt, hat sich ... erledigt
parkplatz gefunden, schlüssel gefunden, alles gefunden, gut angekommen, gut reingekommen, gut gelaufen, konnten ... einchecken
konnten ... parken, haben ... bekommen, haben ... erhalten, funktioniert super, funktioniert gut, funktioniert prima
funktioniert einwandfrei, funktioniert jetzt, klappt jetzt, klappt super, klappt gut, läuft jetzt, läuft super
a marché, a bien marché, ont marché, a fonctionné, a bien fonctionné, bien arrivé*, marche bien, marche très bien, marche nickel
marche maintenant, fonctionne bien, fonctionne très bien, fonctionne parfaitement, fonctionne maintenant, réussi à, c'est réglé
ha funcionado, han funcionado, funciona bien, funciona perfecto, funciona perfectamente, funciona genial, va genial, va perfecto
va muy bien, ya funciona, está solucionado, pudimos, hemos podido, hemos conseguido
ha funzionato, hanno funzionato, funziona bene, funziona benissimo, funziona perfettamente, ora funziona, adesso funziona
tutto risolto, siamo riusciti, sono riuscito, sono riuscita
funcionou, funcionaram, funciona bem, funciona muito bem, funcionar bem, funcionar muito bem, funcionando bem, já funciona
conseguimos, consegui, deu certo, correu bem, está resolvido
is gelukt, is ... gelukt, heeft ... gewerkt, werkt prima, werkt goed, werkt nu, doet het prima, doet het goed, doet het nu, goed gegaan
is opgelost
""",
    ]
)
"""A report of what was: the sentence asks for nothing."""

NOT_TOLD: Final = """
had hoped, had asked, had booked, had requested, had a question, have a question, left behind, i left my, we left our, left something
i left the, we left the, found out that, liked to know, had to pay, used to, took the liberty
not found, haven't found, havent found, hasn't found, never found, not managed, haven't managed, havent managed, not able to
no hemos encontrado, no he encontrado, no pudimos, no hemos podido, no hemos conseguido, no ha funcionado
non siamo riusciti, non sono riuscito, non sono riuscita, non ha funzionato, non funziona bene
não conseguimos, não consegui, não funcionou, não funciona bem, não deu certo
pas trouvé, pas réussi, pas marché, pas fonctionné, pas bien arrivé*
nicht gefunden, nicht geklappt, nicht funktioniert, nicht bekommen, nicht erhalten, noch nicht
noch kein*, keine ... gefunden, keinen ... gefunden, kein ... gefunden, keine ... bekommen, keinen ... bekommen, keine ... erhalten
niet gevonden, niet gelukt, niet gewerkt, niet goed gegaan, geen ... gevonden
"""
"""Looks like a report and is none."""

WITHOUT_SUBJECT: Final = """
hat haben ist sind war waren konnte konnten wurde hatte hatten ha han hanno was is are heeft hebben zijn
"""
"""Verbs that ask at the beginning of a sentence, or tell with "we" or "it" left out: "Hat super geklappt"."""

SUBJECTS: Final = """
sie ihr wir ich es er du man jemand you we i it they there this that the your our my any u jullie je wij ik het hij men
"""
"""Who or what a question asks about, right behind such a verb."""

TELLS: Final = """
is isn't are aren't was wasn't were has hasn't had went goes got gets keeps works worked looks seems says said shows took gave made
stays stayed comes came left skip thanks smell smells smelled smelt stinks stank feels felt broke fell died stopped vanished leaks
ist sind war waren wird wurde wurden hat hatte hatten lauft liegt steht bleibt kommt ging gibt's funktioniert klappt scheint fallt
riecht riechen roch rochen stinkt stinken stank gab fiel brach tropft
est sont etait etaient sera marche fonctionne reste arrive vient va ont sent sentent sentait sentaient pue puent avait avaient
esta estan estaba estaban funciona queda viene era eran ha han fue llevamos dejamos huele huelen olia olian apesta apestan habia hubo
sono sta stanno era erano va funziona rimane viene arriviamo hanno puzza puzzano c'era c'erano aveva avevano
esta estao estava estavam funciona fica vem foi caiu era tem cheira cheiram cheirava cheiravam fede havia tinha tinham
staat stond ligt lag zit werkt doet blijft komt gaat ging was waren werd wordt heeft had ruikt ruiken stinkt stinken stonk
"""
"""Verbs of statements. Where a sentence with one of them asks nothing, it tells something."""

REFERRING: Final = """
could can would will you u please pls plz kindly send resend tell give share provide forward text let us me know confirm help advise
it that this these them those to over through across for with out about at is s be possible ok okay alright fine work do doable
feasible any chance what should we i the a and or so maybe perhaps again details detail info information answer reply asap
somehow quickly just
konnen konnten kannst konntest konnt wurden wurdest sie du ihr bitte mir uns es das die den dem ihn dies diese schicken senden zusenden
zuschicken sagen mitteilen geben nennen bestatigen helfen weiterhelfen verraten ware wars ist moglich ginge geht machbar was da damit
dazu kurz noch einmal nochmal vielleicht bescheid wir ich machen tun und oder auch denn mal eben
pouvez pourriez peux pourrais pourrait peut vous tu m nous te t le la l les ca cela c est serait svp sil il plait
envoyer renvoyer donner dire indiquer communiquer confirmer transmettre aider faire y en d accord et ou aussi vite encore
puede podria puedes podrias pueden podrian podeis podriais puedo podemos enviar enviarmelo enviarnoslo enviarmela enviarnosla enviarme
enviarnos mandar mandarmelo mandarmela mandarnosla mandarnoslo mandarme mandarnos decir decirme decirnos decirmelo decirnoslo dar darme
darnos darmela darnosla facilitar facilitarme facilitarnos confirmar confirmarme ayudar ayudarme ayudarnos lo los las por favor seria
posible eso esto gracias o ya se hacer
puo potrebbe puoi potresti potete potreste posso possiamo inviare inviarmela inviarmelo inviarcela inviarcelo mandare
mandarcela mandarcelo dirmelo dircelo dirmi dirci dare darmi darci darcela confermare aiutare aiutarmi aiutarci mi ci li
per favore piacere e sarebbe possibile questo fattibile fare grazie lei si
pode poderia podem poderiam podes podias dizer ajudar nos os as isso isto possivel obrigado
obrigada fazer
kunt kunnen kan kun zou zouden je jullie mij ons het dat dit ze sturen doorsturen opsturen toesturen zeggen geven doorgeven
bevestigen laten weten helpen alstublieft aub alsjeblieft zijn mogelijk oke even nog graag dan ook
"""
"""Words of a request that names nothing ("Could you send it to us?"): made of these alone, it is about what was said before. Folded."""
