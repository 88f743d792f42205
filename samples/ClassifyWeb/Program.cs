// Answers what a picture shows, over HTTP:  ClassifyWeb RUN [--urls http://127.0.0.1:5000]
// curl --data-binary @photo.jpg http://127.0.0.1:5000/classify
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rectify.Imaging;
using Rectify.Inference;
using Rectify.Tensors;

if (args is not [var run, ..])
{
    Console.Error.WriteLine("usage: ClassifyWeb RUN [--urls http://127.0.0.1:5000]");
    return 2;
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args[1..]);

// One classifier for all requests: those that wait at the same moment share a forward pass.
using Classifier classifier = Classifier.Load(run, new ClassifierOptions { Top = 3 });
await using WebApplication app = builder.Build();

app.MapGet("/classes", () => classifier.Classes);
app.MapPost("/classify", async (HttpRequest request, CancellationToken gone) =>
{
    try
    {
        return Results.Ok(await classifier.ClassifyAsync(request.Body, gone));
    }
    catch (RectifyException e)
    {
        // No picture, or one that is too large: the sentence says which.
        return Results.Json(new { error = e.Message }, statusCode: StatusCodes.Status400BadRequest);
    }
});

await app.RunAsync();
return 0;
