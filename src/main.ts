/** The composition root: the only file that knows every room. */
document.body.append('Moult');
